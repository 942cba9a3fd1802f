/** Gets one message to the server: over the live line if there is one, else by an ordinary call. */

import { Refused, Unreachable, type Body, type ChatHttp, type Sent } from "./http";
import type { LiveSocket } from "./socket";
import type { Fault } from "./wire";

const ACK_WAIT_MS = 8_000;
/** The device says it is offline. It is asked all the same: some WebViews say so wrongly. */
const ACK_WAIT_OFFLINE_MS = 1_500;
const BUSY_CODES = new Set(["too_many_requests", "unavailable"]);

interface Waiting {
  resolve(receipt: Receipt): void;
  reject(error: Error): void;
}

/** Where the server put it. `turn` is what came back with it, when the ordinary call was used. */
export interface Receipt {
  readonly id: string;
  readonly seq: number;
  readonly turn: Sent | null;
}

export class Delivery {
  private readonly waiting = new Map<string, Waiting>();

  constructor(
    private readonly http: ChatHttp,
    private readonly socket: LiveSocket,
    /** The ordinary call's answer brings the new token along; the live line would be closed under it. */
    private readonly mayRenew: () => boolean,
  ) {}

  async send(body: Body): Promise<Receipt> {
    const mayRenew = this.mayRenew();
    if (!mayRenew && this.socket.send({ type: "message", ...body })) {
      try {
        return await this.acknowledgement(body.client_id);
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        // The same client_id goes by the other way: the server answers it once, whichever arrives first.
        if (this.socket.isOpen) this.socket.restart();
      }
    }
    const turn = await this.http.send(body, mayRenew);
    return { id: turn.id, seq: turn.seq, turn };
  }

  acknowledged(clientId: string, id: string, seq: number): void {
    this.waiting.get(clientId)?.resolve({ id, seq, turn: null });
  }

  refused(fault: Fault): void {
    const status = BUSY_CODES.has(fault.code) ? 429 : 422;
    this.waiting.get(fault.client_id ?? "")?.reject(new Refused(status, fault.code, fault.message));
  }

  lineLost(): void {
    for (const waiting of this.waiting.values()) waiting.reject(new Unreachable("live line lost"));
  }

  private async acknowledgement(clientId: string): Promise<Receipt> {
    const patience = navigator.onLine ? ACK_WAIT_MS : ACK_WAIT_OFFLINE_MS;
    let timer = 0;
    try {
      return await new Promise<Receipt>((resolve, reject) => {
        timer = window.setTimeout(() => reject(new Unreachable("no acknowledgement")), patience);
        this.waiting.set(clientId, { resolve, reject });
      });
    } finally {
      clearTimeout(timer);
      this.waiting.delete(clientId);
    }
  }
}
