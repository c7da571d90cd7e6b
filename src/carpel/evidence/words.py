"""Words by what they do in a sentence. What stands in no list here is content."""

import re
from collections.abc import Mapping


def _by_word(classes: Mapping[str, str]) -> dict[str, str]:
    return {word: name for name, words in classes.items() for word in words.split()}


CLAIMS: Mapping[str, str] = _by_word(
    {
        "up": "more higher older larger bigger longer greater above over beyond exceed exceeds "
        "exceeding further farther extra increased increases rising rises richer wealthier later "
        "outnumber surpass surpasses superior outspend taller wider additional plus many lots much",
        "down": "less fewer lower younger smaller shorter below under beneath reduced reduces "
        "falling falls poorer sooner earlier nearer inferior minus decreased decreases rarer few "
        "little lack lacks barely hardly scarcely slightly",
        "most": "most mostly majority mainly chiefly predominantly largely primarily typically "
        "usually generally commonly normally",
        "only": "only just solely exclusively merely alone purely simply",
        "never": "never none nobody nothing neither nor without zero nowhere",
        "not": "not no cannot don't isn't aren't doesn't un",
        "always": "always every everyone everybody everything all entirely completely constantly "
        "invariably ever fully wholly total totally each any",
        "often": "often frequently regularly repeatedly",
        "sometimes": "sometimes occasionally seldom rarely infrequently",
        "same": "same alike equal equally identical similar similarly equivalent",
        "differ": "differ differs different differently unlike contrast distinct",
        "twice": "twice double doubled doubles doubling twofold",
        "thrice": "thrice triple threefold tripled",
        "half": "half halves halved",
        "third": "third thirds",
        "quarter": "quarter quarters quarterly",
        "one": "one once single",
        "two": "two couple pair both",
        "many_times": "three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
        "eighty ninety hundred hundreds thousand thousands million millions billion dozen dozens "
        "fourfold fivefold tenfold several numerous plenty",
        "superlative": "best worst highest lowest largest smallest oldest youngest top bottom "
        "greatest least biggest first last main favourite favorite strongest weakest",
        "cause": "because therefore thus hence since cause causes caused due leads driven drives "
        "thanks reason why so consequently means",
        "may": "may might could would should will must can likely unlikely probably possibly "
        "perhaps maybe certainly surely definitely",
        "very": "very much_more far extremely significantly considerably substantially hugely "
        "notably clearly obviously remarkably strongly markedly quite rather too even",
        "but": "except unless despite although though however yet still almost nearly "
        "approximately exactly precisely",
    }
)
"""By word: the class of claims it makes. Comparison, amount, frequency, cause, denial."""
OTHERS = (
    r"everybody else(?:['’]s)?|everyone else(?:['’]s)?|the others|other people|all the others"
    r"|others|the rest"
)
"""Whom the group is compared with."""
EVERYBODY = r"all people|everybody|everyone"
"""Those and the group together."""
NEUTRAL = frozenset(
    re.split(
        r"\s+",
        "a an the this these those that they them their theirs he she it its who whom whose which "
        "we us our ours you your and or of in on at to for from by with as into among amongst "
        "between versus vs against while whereas compared comparison is are was were be been being "
        "am do does did has have had having there here when where than people persons person group "
        "members shoppers buyers folk on s re ve about around",
    )
)
"""Words that claim nothing by themselves."""
STEMS: Mapping[str, str] = _by_word(
    {
        "order": "order orders ordered ordering",
        "buy": "buy buys bought buying purchase purchases purchased purchasing",
        "spend": "spend spends spent spending",
        "live": "live lives lived living",
        "bring": "bring brings brought bringing contribute contributes contributed",
        "year": "year years yearly annual annually",
        "day": "day days daily",
        "month": "month months monthly",
        "child": "child children kid kids",
        "household": "household households",
        "discount": "discount discounts discounted",
        "age": "age aged ages",
        "come": "come comes came coming",
        "reach": "reach reached reaches",
        "open": "open opens opened",
        "assume": "assume assumed assumes",
        "show": "show shows showed shown",
        "income": "income incomes",
        "time": "time times",
        "back": "back",
        "average": "average averages mean",
    }
)
"""Forms of one word, taken for each other."""
