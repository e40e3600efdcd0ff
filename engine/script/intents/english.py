"""Rules that find what an English message wants. The order is the priority."""

from __future__ import annotations

from engine.script.intents.intent import Intent, Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        Intent.USED,
        r"\b(?:have|did|do) you (?:ever |yourself |personally |actually )*(?:use|used|try|tried|own|owned|test|tested|"
        r"buy|bought|wear|worn|like|love|drink|cook|sleep)\b|\bdo you have one yourself\b|\byour (?:own )?experience\b",
        r"\blike (?:best|most|more|better)\b",
    ),
    rule(
        Intent.AI,
        r"\bare (?:you|u) (?:\w+ ){0,3}(?:real|human|person|robot|bot|ai|a\.i\.?|fake|machine|alive|computer|"
        r"woman|man|girl"
        r"|virtual|cgi|deepfake|avatar|live)\b"
        r"|\b(?:is (?:this|she|it|that)) (?:\w+ ){0,2}(?:ai|a\.i\.?|bot|robot|real person|human|recording|recorded|"
        r"pre-?recorded|deepfake|cgi|fake|computer generated|ai-generated)\b|\b(?:who|what) made you\b"
        r"|\bwhat are you\b|\byou(?:'re| are) (?:not real|fake|an? (?:ai|bot|robot))\b|\bturing test\b",
    ),
    rule(Intent.NAME, r"\b(?:what(?:'s| is) your name|who are you|your name|name of (?:this|the) (?:shop|store))\b"),
    rule(
        Intent.COUPON, r"\b(?:coupons?|voucher|promo(?:tion)?(?:al)? ?codes?|discount codes?|student discount|bulk)\b"
    ),
    rule(
        Intent.CONTACT,
        r"\bwhere(?:'s| is| are) my (?:order|package|parcel|stuff|delivery)\b|"
        r"\b(?:cancel|change)\b.{0,12}\b(?:order|package|parcel)\b|\border (?:status|number)\b|"
        r"\bmy (?:order|package|parcel) (?:hasn't|never|didn't|is (?:late|lost|missing))",
    ),
    rule(
        Intent.DESTINATIONS,
        r"\b(?:ship|deliver|send|post)s?(?:ping|y)?\b.{0,20}\b(?:to|internationally|abroad|worldwide|overseas|"
        r"outside|in(?! \d))\b"
        r"|\binternational\b|\bworldwide\b|\bwhich countries\b|\bwhere do you (?:ship|deliver)\b",
    ),
    rule(
        Intent.DELIVERY,
        r"\b(?:how (?:long|fast|soon|many days)|when)\b.{0,40}\b(?:ship\w*|deliver\w*|arrive|get here|get it|receive|"
        r"come|reach)\b|\bdelivery times?\b|\bshipping times?\b|\b(?:ship|deliver)\w*\b.{0,20}\b(?:hours?|days?|"
        r"weeks?|tomorrow|today|"
        r"overnight|express|same.day)\b",
    ),
    rule(Intent.SHIPPING, r"\b(?:shipping|delivery|postage|ship|deliver|freight)\b", r"\b(?:return|refund)"),
    rule(
        Intent.RETURNS,
        r"\b(?:return(?:s|ed|ing|able)?|refund(?:s|ed|able)?|send (?:it|them|this) back|money back|give (?:it|"
        r"them) back)\b",
    ),
    rule(
        Intent.WARRANTY,
        r"\b(?:warranty|guarantee[ds]?|warrantee)\b|\bif it (?:breaks|stops working|dies)\b",
    ),
    rule(
        Intent.HOURS,
        r"\b(?:opening|open|business|support|office|service) (?:hours|times?)\b|\bwhen (?:are you|do you|does .{0,20}) "
        r"(?:open|close)\b|\bare you open\b|\bweekends?\b",
    ),
    rule(
        Intent.PAYMENT,
        r"\b(?:pay (?:with|by|in|using|via)|how (?:can|do) (?:i|you|we) pay|payments?|paypal|visa|mastercard|"
        r"amex|american express|apple pay|google pay|klarna|credit cards?|"
        r"debit cards?|bitcoin|crypto|instal?lments?|cash)\b",
    ),
    rule(
        Intent.CONTACT,
        r"\b(?:contact|e-?mail|phone number|call you|customer (?:service|support)|talk to (?:a |someone|the)|"
        r"speak (?:to|with)|real person|human support|help ?desk)\b",
    ),
    rule(
        Intent.STOCK,
        r"\b(?:in stock|out of stock|sold out|(?:how many|any|some).{0,25}\b(?:left|available|remaining|in stock)|"
        r"still (?:have|available|got)|stock|restock|the last (?:one|piece))\b|\bavailable\b",
        r"\bavailable (?:in|with|as|for)\b|\bback in stock\b|\brestock|\bwhen\b|\b(?:other|different) \w+ available\b"
        r"|\bwhat .{0,15} available\b",
    ),
    rule(
        Intent.NEXT,
        r"^\W*next\W*$|"
        r"\b(?:what(?:'s| is| comes)? next|next (?:item|product|one)|what(?:'s| is) coming(?: up)?|up next)\b",
    ),
    rule(
        Intent.LIST,
        r"\bwhat (?:do|are|can|else do|all do) (?:you|u) (?:\w+ )?(?:sell|selling|have|offer|buy)\b"
        r"|\b(?:list|show)(?: me)?(?: of)?(?: all)?(?: the| your)? (?:products|items)\b|\bwhat (?:products|items)\b"
        r"|\bwhat else\b.{0,20}$|\ball (?:the )?(?:products|items)\b|\bwhat(?:'s| is) (?:on (?:the table|sale|"
        r"offer)|for sale)\b",
    ),
    rule(
        Intent.DISCOUNT,
        r"\b(?:discount(?:s|ed)?|on sale|any (?:deals?|offers?|sales?)|reduced|cheaper|reduction|before price|"
        r"old price|"
        r"original price|was.?price|how much (?:do|can|would) i save|savings?|special offer|price drop)\b",
        r"\bhow long\b|\buntil when\b|\bwhen\b|\bends?\b|\bexpires?\b",
    ),
    rule(
        Intent.LINK,
        r"\b(?:link|url|website|web ?site|order|buy|purchase|checkout|add to cart|where (?:can|do) i get|"
        r"get (?:one|it))\b",
        r"\b(?:should|would|which|worth|why|before)\b|\bcancel|\bchange my order|\bmy order\b|\border (?:number|"
        r"status)\b"
        r"|\btrack|\bif i\b|\b(?:gift|wholesale|bulk)\b|\bin (?:a |your )?(?:store|shop|person)\b",
    ),
    rule(
        Intent.OPINION,
        r"\b(?:which (?:one|is|do you|would|should)|what (?:do|would|should) (?:you|i) (?:recommend|suggest|"
        r"prefer|think|"
        r"buy|get)|recommend|better|best|favou?rite|worth (?:it|the|buying)|should i (?:buy|get)|what do you think|"
        r"good quality|any good)\b",
    ),
    rule(
        Intent.PRICE,
        r"^\W*(?:(?:sorry|pardon|please|can you|could you|mia)\W+)*(?:what did (?:you|u) (?:just )?say|"
        r"(?:say|repeat) (?:it|that)|come again|i missed (?:it|that)|pardon)(?:\W+(?:please|again))*\W*$",
    ),
    rule(
        Intent.PRICE,
        r"\b(?:price[sd]?|pricing|cost(?:s|ing)?|expensive|how much (?:is|are|for|does (?:it|this|that|the) cost|do)|"
        r"how much\s*\??$)\b|[$€£]|\bhow much\s*\??\s*$|\bdollars?\b",
        r"\bhow much\b.{0,40}\b(?:weigh|hold|water|fit|contain|space|power|charge|store|carry|room|wax|memory)",
    ),
    rule(
        Intent.COMPLIMENT,
        r"\b(?:you(?:'re| are| look| sound) (?:\w+ )?(?:great|pretty|beautiful|cute|lovely|nice|amazing|awesome|"
        r"cool|sweet|"
        r"good|wonderful|funny)|i (?:like|love) (?:you|your|this (?:show|stream))|nice (?:voice|stream|show|hair)|"
        r"(?:great|good|awesome|cool) (?:job|show|stream|work)|well done)\b",
    ),
    rule(
        Intent.SMALL_TALK,
        r"\bhow (?:are|r) (?:you|u)\b|\bhow(?:'s| is) it going\b|\btell (?:me|us) a (?:joke|story)\b|\bsing\b|\bdance\b"
        r"|\bweather\b|\bwhere are you from\b|\bhow old are you\b|\bdo you (?:sleep|eat|dream|get tired)\b|\bmarry me\b"
        r"|\bboyfriend\b|\bpolitics?\b|\belection\b|\bpresident\b|\bcapital of\b|\bwhat(?:'s| is) the time\b|"
        r"\bwhat time is it\b|\bwhat (?:day|date) is it\b|"
        r"\bwhat(?:'s| is) (?:the date|today's date|today)\b",
    ),
    rule(
        Intent.THANKS,
        r"^\W*(?:(?:ok|okay|great|cool|perfect|many) )*(?:thanks?(?: you)?|thx|ty|cheers|appreciate it)\b",
    ),
    rule(Intent.GOODBYE, r"^\W*(?:bye+|goodbye|good night|see (?:you|ya)|gotta go|ciao|take care)\b"),
    rule(
        Intent.REACTION,
        r"^\W*(?:(?:o?kay|ok|k|yes|yeah|yep|yup|no|nope|nah|sure|lo+l+|lmao|rofl|(?:ha){2,}h?|he(?:he)+|wo+w+|omg|"
        r"nice|cool|great|awesome|amazing|good|perfect|hm+|oh+|ah+|aww+|true|right|really|fine|alright|got it|i see|"
        r"same(?: here)?|first|idk|maybe|agreed?|interesting|love it|yay|please|for (?:me|myself|us)|"
        r"(?:it's )?(?:a|as a|for a) gift|is (?:that|this|it) true|too (?:good|bad)|not sure|both|neither|"
        r"\d+)(?:\W+|$))+$",
    ),
    rule(
        Intent.GREETING,
        r"^\W*(?:hi+|hello+|hey+|hiya|yo|howdy|greetings|good (?:morning|evening|afternoon|day)|hola|sup)"
        r"(?:\s+(?:there|mia|everyone|all|guys|from \w+(?: \w+)?))*\W*$",
    ),
)

POLICY_WORDS: dict[Intent, str] = {
    Intent.SHIPPING: r"shipping|postage|delivery cost|freight",
    Intent.DELIVERY: r"arriv|deliver|working days|business days|dispatch|leave the warehouse",
    Intent.DESTINATIONS: r"ships? to|deliver(?:s|ed)? to|countries|worldwide|international",
    Intent.RETURNS: r"return|refund",
    Intent.HOURS: r"hours|monday|open|answers from|\bam\b",
    Intent.PAYMENT: r"\bpay|visa|mastercard|paypal|takes ",
    Intent.WARRANTY: r"warranty|guarantee",
    Intent.CONTACT: r"write to|e-?mail|call (?:us|the)|phone|contact|@",
    Intent.LINK: r"order|website|checkout",
}
"""What a policy says that answers the intent; its id and topic are looked at first."""

GREETING_PREFIX = (
    r"^\W*(?:hi+|hello+|hey+|hiya|good (?:morning|evening|afternoon))(?: (?:mia|there|everyone))?\s*[,!.]+\s*(?=\S)"
)
"""A greeting before the message proper."""
