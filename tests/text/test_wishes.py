import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwen.text import wishes

FOUND = {
    "human": """
人工
转人工
找人工
转接人工
人工客服
人工服务
我要人工服务，谢谢
麻烦帮我转一下人工
能给我接人工吗？
要真人
真人客服在哪
有没有活人
活人！！
找个人
找个人说话
我要找人说话
想和人聊聊
接线员
请接坐席
客服在吗
客服呢？
客服
叫经理
叫你们经理出来
找你们领导
找你们行长
让你们主管接电话
请值班经理给我回话，找你们负责人
跟你们经理说
不要机器人
别用机器人
别再让机器人回我了
机器人走开
机器人滚
我不想跟机器人说话
跟你这个机器人说不清楚
跳过机器人
不要自动回复
听不懂人话
你不懂人话
打电话给我
给我打个电话
给我回电
回电
请尽快回电话
麻烦给我回个电话
请让客服打给我
安排专人联系我，我要专人
0
０
human
Human!
I want a human
agent
talk to an agent please
can I speak to a real person
call me back
轉人工
真人客服
轉接真人客服
請叫經理
唔該幫我轉人工
搵真人
转人公
人工客付
转仁工
专人工
转人功
zhuanrengong
zhuan ren gong
rgkf
rengong
RENGONG
转 人 工
转-人-工
转*人工
转人工行不行
找人工行吗
人工客服电话是多少
人工服务是24小时的吗
人工客服几点下班
怎么一直转不到人工
为什么不给我转人工
不要人工智能，要真人
你不是人工，我要人工
工资卡丢了，转人工
不要再给我发短信，转人工
呼叫客服
帮我换个客服
请工作人员回答我
叫个人来
给我换人
换个人跟我说
有人管吗
好吧，那还是人工吧
人工人工人工
打字说不清
""",
    "legal": """
我要起诉你们
再不处理我就起诉
我已经找律师了
我的律师会联系你们
给你们发律师函
打12378
我要打１２３７８投诉
申请仲裁
我们去仲裁
法院告你们
去法院告银行
我要告你们
法院见
我收到法院传票了
走法律途径
我要向银保监投诉
金融监管局举报
跟你们打官司
我被你们起诉了
起訴
再這樣我找律師
i will call my lawyer
""",
    "rights": """
删除我的信息
请把我的个人信息全部删除
删掉我的所有资料
我要求删除个人信息
清除你们系统里我的数据
把我的聊天记录都删了
我要查阅我的个人信息
不是我消费的
这笔不是我消费的
不是我本人操作的
这不是我刷的
这笔钱我没有消费过
我从没授权过这笔
我对这笔扣款有争议
争议交易怎么处理
我要拒付
根据个人信息保护法我要求你们答复
刪除我的資料
""",
    "self_harm": """
不想活了
我真的活不下去了
我要自杀
想自杀
跳楼算了
我去跳楼
钱没了我也不想活了
不如死了
死了算了
活着没意思
你们要逼死我
我想死
想轻生
自殺
i want to die
""",
}

NOT_FOUND_BLOCK = """
不用人工
不要转人工
不需要人工客服
别给我转人工
不用转人工了，谢谢
我不想找人工
先不转人工
不转人工
人工就不用了
取消转人工
不要给我转接人工
人工智能
人工智能会取代银行吗
你是人工智能吧
人工费
装修人工费怎么付
人工成本上涨
本人工资卡怎么换
个人工商户开户要什么
别人工资打错到我卡上
代发工人工资怎么办
本人工行卡转账要手续费吗
老人工作证明怎么开
人工审核要多久
提额是系统还是人工审批
有人工柜台吗
人工窗口几点关门
你是真人吗
你是真人还是机器人
你是人工客服吗
你是机器人吗
现在是人工吗
真人认证不通过
刷脸提示非真人
找个人贷款合适吗
我想找个人担保贷款
法人换人了怎么办
客服电话多少
信用卡客服热线
刚才有人打电话给我说我中奖了
骗子打电话给我怎么办
不要打电话给我
别再给我打电话了
不用给我回电话
退回电费怎么办
收回电脑的租金怎么转
客户经理说要先买保险
不用叫经理了
0.5
100
转10000
0元年费的卡有吗
律师费贷款
律师费可以分期吗
律师职业能办金卡吗
逾期会被起诉吗
会不会起诉我
我告诉你们了卡号
请报告你们的营业时间
诉讼费怎么交
银保监会批准的产品吗
征信异议怎么申请
怎么删除收款人
删除转账记录
删除短信
撤回同意
不同意隐私政策
账单没有争议
我不想活期存了想转定期
我不想活动短信打扰
跳楼价的房子能贷款吗
笑死
急死了
想死你们了，又来问问题
卡死了
human resources部门怎么联系开户
travel agent
are you human
您好
我要投诉
怎么开户
银行卡丢了
"""

NOT_FOUND = NOT_FOUND_BLOCK.strip().splitlines()
CASES = [(words, wish) for wish, block in FOUND.items() for words in block.strip().splitlines()]


@pytest.mark.parametrize(("words", "wish"), CASES)
def test_words_that_must_reach_a_human_are_found(words, wish):
    assert wishes.find(words) == wish


@pytest.mark.parametrize("words", NOT_FOUND)
def test_refusals_and_look_alikes_ask_for_nobody(words):
    assert wishes.find(words) is None


def test_there_are_enough_wordings_to_trust_the_tables():
    assert len(FOUND["human"].strip().splitlines()) >= 60
    assert len(CASES) == len(set(CASES)) >= 90
    assert len(NOT_FOUND) == len(set(NOT_FOUND)) >= 60


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("转人工，不然我就不想活了", "self_harm"),
        ("起诉你们，不想活了", "self_harm"),
        ("我要起诉，马上转人工", "human"),
        ("不是我消费的，我要找律师", "legal"),
        ("不是我消费的，给我回电", "human"),
    ],
)
def test_danger_to_life_comes_first_then_the_human_then_law_then_rights(words, wish):
    assert wishes.find(words) == wish


def test_a_refusal_in_one_clause_does_not_hide_a_wish_in_another():
    assert wishes.find("刚才说不用人工，现在请转人工") == "human"
    assert wishes.find("不用人工\n人工") == "human"


@pytest.mark.parametrize("nothing", ["", " ", "。。。", "😀", "\u200b"])
def test_a_message_without_words_asks_for_nobody(nothing):
    assert wishes.find(nothing) is None


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    assert wishes.find(text) in {None, "self_harm", "human", "legal", "rights"}


@settings(deadline=None)
@given(st.text(alphabet=" 　\t-*·.~_\u200b", max_size=4), st.text(alphabet=" 　-*·.~", max_size=4))
def test_signs_and_blanks_between_the_characters_hide_nothing(first, second):
    assert wishes.find(f"转{first}人{second}工") == "human"
