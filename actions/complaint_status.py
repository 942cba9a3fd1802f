"""What became of a complaint: as long as complaints are kept by people, what waits for them."""

from sqlalchemy.engine import Connection

from actions.base import Call, Result, Step
from actions.ending import FlowDone
from actions.flow import COMPLAINT_STATUS, spoken_to
from actions.reading import ValidateFlow
from shouwen.identity.level import Standing
from shouwen.servicing import service
from shouwen.text.moments import moment


class ValidateComplaintStatusForm(ValidateFlow):
    """Nothing but who asks."""

    flow = COMPLAINT_STATUS

    def name(self) -> str:
        """See BankAction."""
        return "validate_complaint_status_form"


class ComplaintStatusDone(FlowDone):
    """Says what is open, and since when."""

    flow = COMPLAINT_STATUS

    def name(self) -> str:
        """See BankAction."""
        return "action_complaint_status_done"

    def finish(self, tx: Connection, call: Call, standing: Standing) -> Step:
        """See FlowDone."""
        open_since = service.open_matters(tx, call.conversation_id, str(standing.customer_ref))
        if not open_since:
            return Result([("utter_complaint_status_none", spoken_to(standing))])
        values = {**spoken_to(standing), "count": len(open_since), "since": moment(open_since[0])}
        return Result([("utter_complaint_status_open", values)])
