/** Recognizes refusals by the words of a service, where the status is not enough: no money or quota, a wrong key. */

const OUT_OF_MONEY =
  /insufficient[ _](\w+_)?(quota|balance|funds|credits?)|credit[ _](balance[ _]exhausted|limit[ _]reached)|reached your credit limit|exceeded[ _](your[ _])?(current|monthly)[ _]quota|credit balance is too low|billing[ _](hard[ _]limit|not[ _]active)|(out of|no|not enough|more) credits|account[^.]{0,60}(arrears|suspended|deactivated|not active|good standing|overdue)|arrear|payment required|spend(ing)? limit|budget has been exceeded|usage limit|top up|recharge|(\/|per|this) ?month\b|monthly|run out of \w+|\bno balance\b|quota (has been |is )?used up|quota limit|(余额|额度)(不足|已用尽)|欠费|充值/i;

/** Whether an account has no money or quota left, so that waiting does not help. */
export function isOutOfMoney(text: string): boolean {
  return OUT_OF_MONEY.test(text);
}

/** Whether a rejection is about the key (Google, xAI answer 400; MiniMax, Baidu and gateways 200; LiteLLM has no database to look up any key but its own). */
export function isRefusedKey(text: string): boolean {
  return /(api|secret)[ _-]?key[^.]{0,20} (not valid|is invalid|expired|not found)|(incorrect|invalid|missing|expired|carry the)[ _](api|access|secret)?[ _-]?(secret )?(key|token)|API_KEY_INVALID|invalid[ _]authentication|access token[^.]{0,20}(invalid|expired)|authentication_error|permission_error|no_db_connection|\bnot authenticated\b|\bnot authorized\b|authfailure|(invalid|provided) credentials?\b|\bunauthori[sz]ed\b|\bforbidden\b|login fail/i.test(
    text,
  );
}
