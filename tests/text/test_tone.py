import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwen.text import tone
from shouwen.text.mood import Mood
from shouwen.text.tone_rules import rules

ANGRY = Mood(angry=True)


def broken(text, **about):
    return {finding.rule for finding in tone.lint(text, **about)}


@pytest.mark.parametrize(
    "text",
    [
        # the examples of tone.md 7b
        "您不知道具体日期也没关系",
        "这项规定是为了保护您的资金安全",
        "请勿提供密码",
        "本行不会向您索要密码",
        "马上为您转接人工",
        "您可以投诉",
        "麻烦人工核实",
        "审批不一定能通过",
        "非保本浮动收益",
        "没有零风险的投资",
        "您可以自己查询余额",
        # ours
        "请点“转人工”，由人工为您核实。",
        "这笔钱预计两小时内到账，以收款行入账为准。",
        "请确保本人操作，不要交给别人。",
        "我们不承诺收益，承诺稳赚的都是骗局。",
        "密码请在手机银行页面输入，不要告诉任何人。",
        "请在ATM上按提示输入密码，告诉柜员密码也没有必要。",
        "在安全窗口提供有效期，本行看不到完整卡号。",
        "谨防有人让您发送验证码和密码。",
        "别告诉他人您的密码。",
        "能否通过以审核结果为准，不能保证通过。",
        "迷你版网点也能办理。",
        "抱歉让您久等了，我再为您说明一遍。",
        "想提意见，请写在网点意见簿上。",
        "坐席不急着挂电话，请您慢慢说。",
        "补办身份证，请到公安机关办理。",
        "手机银行会滚动更新公告。",
        "贷款办得成办不成，请看审批短信。",
        "暂停付款（止付）后，这张卡不能再扣钱。",
        "止付（暂停付款）已经办好。",
        "冲正是指撤销错账，一般当天完成。",
        "您反映“你们说一定能退款”，我们已经登记。",
        "客户原话：“这是规定，你自己看”。",
        "您说的情况，我们会核实后答复您！",
    ],
)
def test_good_words_pass(text):
    assert tone.lint(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        # the examples of tone.md 7b
        ("这是规定", "B1"),
        ("不归我管", "B1"),
        ("您找我们领导去吧", "B4"),
        ("急什么", "B3"),
        ("一定能退款", "B7"),
        ("请告诉我您的密码", "B9"),
        ("自己看", "B4"),
        ("下班了，不办", "B6"),
        ("请您息怒", "B8"),
        ("我是新来的", "B2"),
        # ours
        ("你的卡已经寄出。", "T2"),
        ("妳好，請稍等。", "T2"),
        ("我没说过这样的话。", "B1"),
        ("这不是我们的责任。", "B1"),
        ("上级的规定，我有什么办法。", "B1"),
        ("那是别的部门的事。", "B1"),
        ("这 是，规 定。", "B1"),
        ("這是規定。", "B1"),
        ("我不知道。", "B2"),
        ("不知道", "B2"),
        ("这个真的没办法。", "B2"),
        ("这样不行！", "B2"),
        ("不可能。", "B2"),
        ("我们处理不了。", "B2"),
        ("不是跟您说过了吗", "B3"),
        ("怎么又来问？怎么又问", "B3"),
        ("等着。", "B3"),
        ("快点说您的卡号后四位", "B3"),
        ("烦死了", "B3"),
        ("您去投诉啊", "B4"),
        ("· 自己想办法吧。", "B4"),
        ("① 自己查", "B4"),
        ("请到别处办。", "B4"),
        ("爱信不信", "B4"),
        ("这都不会", "B5"),
        ("傻逼", "B5"),
        ("明天再来。", "B6"),
        ("机器坏了，我也没办法", "B6"),
        ("这笔钱肯定会到账。", "B7"),
        ("绝对能通过审批。", "B7"),
        ("马上退款给您", "B7"),
        ("我可以帮您减免年费", "B7"),
        ("这款产品保本，请放心", "B7"),
        ("零风险，放心买", "B7"),
        ("不要着急，一定能解决", "B7"),
        ("您先冷静一下", "B8"),
        ("别激动。", "B8"),
        ("请提供您的ＣＶＶ", "B9"),
        ("麻烦发送一下卡片有效期。", "B9"),
        ("请勿担心，请告诉我您的密码", "B9"),
        ("别忘了告诉我您的密码", "B9"),
        ("如果没有收到短信请告诉我密码", "B9"),
        ("请直接打12378。", "B10"),
        ("撤销投诉的话，可以给您优惠", "B10"),
        ("请不要投诉。", "B10"),
        ("这张卡已被止付。", "B12"),
        ("请先通过KYC。", "B12"),
    ],
)
def test_bad_words_are_found_and_named(text, rule):
    assert rule in broken(text)


def test_an_english_sized_sentence_is_too_long_and_a_link_counts_as_one_character():
    assert broken("请" * 41) == {"T12"}
    assert broken("请" * 40 + "。" + "请" * 40) == set()
    assert broken("全部收费请看https://www.yunshan.example/a/long/path/to/the/fees/page/of/the/bank这一页。") == set()


def test_a_guard_word_spares_its_own_clause_and_no_other():
    assert broken("请勿提供密码") == set()
    assert broken("请勿转账，请提供密码") == {"B9"}


def test_over_eager_commas_and_blanks_hide_nothing():
    assert "B8" in broken("请 您，息 怒")


GREETING = "您好，我是云杉银行智能客服小杉。想找人工随时说“转人工”。"
ACKNOWLEDGEMENT = (
    "感谢您的反映，很抱歉给您带来不便。\n投诉编号：T20261101-0007。\n"
    "我们会在2026年11月25日前用短信答复您。\n有事请拨打客服热线400-000-0000。"
)
REFUSAL = "抱歉，因为证件已过期，这里不能办理。\n如果已经换了新证，请带上它到网点，当场可以办好。"
NO_MATCH = "抱歉，我没有听懂。\n请换个说法再问一次，也可以点“转人工”。"
QUEUE = "现在来电较多，正在为您排队。\n预计等5分钟，不想等可以留言。"
SENSITIVE = "需要您的手机号，用来核对身份。\n我们不会向您索要密码、短信验证码。"
FRAUD = "请马上停止付款、保留证据，并拨打110。\n同时拨打热线400-000-0000，或点“转人工”。"
LOSS = "已办好口头（临时）挂失，5天内有效。\n请在5天内到网点办书面挂失。"
CLOSING = "请问还有其他可以帮您的吗？\n感谢您的咨询，祝您生活愉快，再见。\n请为这次服务评价。"
DECISION = (
    "经查，情况属实。\n依据服务价目表，处理结果是退还手续费。\n"
    "不服的，可以申请上级核查、调解、仲裁或提起诉讼。\n监管热线12378。"
)
PROCESS = (
    "在手机银行就能办。\n① 打开手机银行。\n② 点“转账”。\n"
    "所需材料：身份证。\n办理时间：当场办好。\n注意事项：\n· 请核对卡号。"
)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (GREETING, "greeting"),
        (ACKNOWLEDGEMENT, "complaint_ack"),
        (REFUSAL, "refusal"),
        (NO_MATCH, "no_match"),
        (QUEUE, "queue"),
        (SENSITIVE, "sensitive"),
        ("理财非存款、产品有风险、投资须谨慎。", "wealth"),
        ("风险提示：请按还款能力借款。", "loan"),
        (FRAUD, "fraud"),
        (LOSS, "loss"),
        (CLOSING, "closing"),
        (DECISION, "decision"),
        (PROCESS, "process"),
        ("很抱歉，已为您登记。", "complaint"),
        ("可以在手机银行查看。（智能客服回答，仅供参考，以本行公告为准）", "generated"),
    ],
)
def test_a_complete_message_of_each_type_passes(text, tag):
    assert tone.lint(text, tags=[tag]) == []


@pytest.mark.parametrize(
    ("tag", "rule", "whole", "gone", "hint"),
    [
        ("greeting", "T1", GREETING, "您好，", "您好"),
        ("greeting", "T1", GREETING, "云杉银行", "银行名称"),
        ("greeting", "T1", GREETING, "智能客服", "智能客服"),
        ("greeting", "T1", GREETING, "转人工", "转人工"),
        ("complaint_ack", "T3", ACKNOWLEDGEMENT, "感谢您的反映，", "感谢"),
        ("complaint_ack", "T3", ACKNOWLEDGEMENT, "抱歉", "歉意"),
        ("complaint_ack", "T3", ACKNOWLEDGEMENT, "T20261101-0007", "编号"),
        ("complaint_ack", "T3", ACKNOWLEDGEMENT, "2026年11月25日前", "日期"),
        ("complaint_ack", "T3", ACKNOWLEDGEMENT, "用短信", "方式"),
        ("complaint_ack", "T3", ACKNOWLEDGEMENT, "400-000-0000", "联系方式"),
        ("refusal", "T5", REFUSAL, "因为证件已过期，", "原因"),
        ("refusal", "T5", REFUSAL, "如果已经换了新证，请带上它到网点，当场可以办好。", "结尾"),
        ("no_match", "T6", NO_MATCH, "抱歉，", "致歉"),
        ("no_match", "T6", NO_MATCH, "请换个说法再问一次，", "换个说法"),
        ("no_match", "T6", NO_MATCH, "转人工", "转人工"),
        ("queue", "T7", QUEUE, "现在来电较多，正在为您排队。", "为什么"),
        ("queue", "T7", QUEUE, "预计等5分钟，", "多久"),
        ("queue", "T7", QUEUE, "可以留言", "留言"),
        ("sensitive", "T8", SENSITIVE, "我们不会向您索要密码、短信验证码。", "安全提示"),
        ("sensitive", "T8", SENSITIVE, "，用来核对身份", "为什么"),
        ("fraud", "T10", FRAUD, "停止付款、", "停止付款"),
        ("fraud", "T10", FRAUD, "保留证据，", "证据"),
        ("fraud", "T10", FRAUD, "110", "110"),
        ("fraud", "T10", FRAUD, "同时拨打热线400-000-0000，", "热线"),
        ("fraud", "T10", FRAUD, "，或点“转人工”", "转人工"),
        ("loss", "T11", LOSS, "口头（临时）", "口头"),
        ("loss", "T11", LOSS, "书面", "书面"),
        ("closing", "T13", CLOSING, "请问还有其他可以帮您的吗？", "还有其他"),
        ("closing", "T13", CLOSING, "感谢您的咨询，", "致谢"),
        ("closing", "T13", CLOSING, "祝您生活愉快，再见。", "道别"),
        ("closing", "T13", CLOSING, "请为这次服务评价。", "评价"),
        ("decision", "T14", DECISION, "经查，情况属实。", "事实"),
        ("decision", "T14", DECISION, "依据服务价目表，", "依据"),
        ("decision", "T14", DECISION, "、仲裁", "仲裁"),
        ("decision", "T14", DECISION, "监管热线12378。", "12378"),
        ("process", "T12", PROCESS, "所需材料：身份证。", "材料"),
        ("process", "T12", PROCESS, "办理时间：当场办好。", "办理时间"),
        ("process", "T12", PROCESS, "注意事项：", "注意事项"),
    ],
)
def test_each_missing_part_is_named_to_the_writer(tag, rule, whole, gone, hint):
    assert gone in whole
    findings = [f for f in tone.lint(whole.replace(gone, ""), tags=[tag]) if f.rule == rule]
    assert any(hint in finding.explanation for finding in findings)


def test_fraud_advice_must_stand_in_the_first_two_sentences():
    assert "T10" in broken("您好。\n我们很重视。\n" + FRAUD, tags=["fraud"])


def test_a_refusal_must_not_end_on_the_refusal():
    text = "抱歉，因为证件过期，可以换证后再来。\n请先换证，这里现在不能办理。"
    assert [f.explanation for f in tone.lint(text, tags=["refusal"])] == [
        "请不要以“不能办”结尾，最后一句写可以怎么做。"
    ]


def test_an_angry_customer_hears_empathy_in_the_first_sentence():
    assert broken("请在手机银行查看。很抱歉让您久等。", previous_mood=ANGRY) == {"T4"}
    assert broken("很抱歉让您久等。请在手机银行查看。", previous_mood=ANGRY) == set()
    assert broken("请在手机银行查看。", previous_mood=Mood()) == set()


def test_wealth_and_loan_answers_may_not_promise_a_return():
    assert "T9" in broken("风险等级R2，保证收益。", tags=["wealth"])
    assert "T9" in broken("这款产品不错。", tags=["wealth"])
    assert "T9" not in broken("风险等级R2，不保本，没有零风险的产品。", tags=["loan"])


@pytest.mark.parametrize("tag", ["complaint", "complaint_ack", "loss", "fraud"])
def test_nothing_is_sold_to_a_customer_in_trouble(tag):
    text = "顺便为您推荐一款理财。"
    assert "B11" in broken(text, tags=[tag])
    assert "B11" not in broken(text)
    assert "B11" not in broken("可以在手机银行办理信用卡挂失。", tags=[tag])


def test_a_decision_letter_may_name_the_regulator():
    assert "B10" in broken("请打12378。")
    assert "B10" not in broken(DECISION + "也可以请打12378。", tags=["decision"])


def test_an_elderly_customer_gets_short_sentences_and_one_question():
    text = "请打开手机银行，点“我的卡”，再点“临时挂失”按钮。"
    assert broken(text) == set()
    assert broken(text, previous_mood=Mood(elderly=True)) == {"T12"}
    assert broken("是储蓄卡吗？是您本人吗？", tags=["elder"]) == {"T12"}
    assert broken("是您本人的储蓄卡吗？", tags=["elder"]) == set()


def test_steps_are_numbered_and_at_most_seven():
    eight = "\n".join(f"{sign} 点一下。" for sign in "①②③④⑤⑥⑦⑧")
    assert [f.rule for f in tone.lint(eight)] == ["T12"]
    assert tone.lint(eight.rsplit("\n", 1)[0]) == []
    unnumbered = "打开手机银行办理。所需材料：身份证。办理时间：当场。注意事项：请核对。"
    assert [f.explanation for f in tone.lint(unnumbered, kind="process")] == [
        "办理类答案请分步写，每步一行并编号（①②③）。"
    ]


def test_one_exclamation_mark_is_enough():
    assert broken("感谢您！") == set()
    assert broken("感谢您！祝您愉快！") == {"T16"}


def test_no_emoji_where_money_or_trust_is_at_stake():
    assert broken("已为您登记😀", tags=["complaint"]) == {"T16"}
    assert broken("不客气😀") == set()


def test_a_finding_shows_the_clause_as_it_stands_and_says_what_to_do():
    (finding,) = tone.lint("您好。钱一定能退，请放心。")
    assert finding == tone.Finding(
        "B7", "error", "钱一定能退", "“一定能退”：承诺过头。请写“以审核结果为准”“会尽快为您核实”等能做到的话。"
    )


def test_findings_come_in_the_order_of_the_rules():
    found = [finding.rule for finding in tone.lint("这是规定！你急什么！" + "请" * 41)]
    assert found == ["T2", "T12", "T16", "B1", "B3"]


def test_length_jargon_marks_and_emoji_only_warn():
    assert {f.level for f in tone.lint("止付😀！！" + "请" * 50, tags=["loss"]) if f.rule in {"T12", "T16", "B12"}} == {
        "warning"
    }


@pytest.mark.parametrize("about", [{"tags": ["wealht"]}, {"kind": "processs"}, {"kind": "wealth"}])
def test_a_misspelt_tag_or_kind_is_refused(about):
    with pytest.raises(ValueError, match="unknown kind or tags"):
        tone.lint("您好", **about)


def test_the_rules_carry_a_version_and_cover_the_whole_table():
    rulebook = rules()
    assert rulebook.version
    named = {rule.rule for rule in (*rulebook.must, *rulebook.banned, *rulebook.jargon)}
    assert named | {"T16"} == {f"T{n}" for n in range(1, 17)} | {f"B{n}" for n in range(1, 13)}


def test_a_rule_says_only_tags_that_exist():
    rulebook = rules()
    for rule in (*rulebook.must, *rulebook.banned):
        assert rule.when.tags | rule.when.unless <= rulebook.tags
        assert rule.when.kinds <= rulebook.kinds


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_checked(text):
    every = rules().tags
    assert all(finding.explanation.endswith("。") for finding in tone.lint(text, tags=every, previous_mood=ANGRY))
