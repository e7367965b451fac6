"""Words that tell names from others: titles, months, everyday words, capitals that name nobody.

Short lists on purpose. The words that a tracker writes in small letters are added when a
text is looked at, so that no dictionary is needed.
"""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES: Final = _words(
    "mr mrs ms miss mx dr prof professor sir dame lady lord rev revd reverend cllr councillor "
    "sister judge pc sgt imam rabbi"
)
#: parts of names that say nothing by themselves
PARTICLES: Final = _words(
    "de del della der di da dos du la le van von den ten ter bin bint ibn al el ap ab ben st "
    "the of and agency locum cover vacant vacancy tbc tba unknown none jr sr ii iii"
)
MONTHS: Final = _words(
    "january february march april may june july august september october november december"
)
#: what stands before a month that is no name
BEFORE_A_MONTH: Final = _words("in since by until till of last next early late mid during")
#: words that are also names: alone they are a name only where they begin with a capital
NAME_WORDS: Final = (
    _words(
        "grace hope faith joy rose lily daisy ivy will mark bill jack frank grant dean dale "
        "dawn eve heather holly iris jade ruby pearl amber summer skye river willow poppy "
        "violet olive hazel robin rob sue pat art chase hunter mason cooper taylor carter "
        "baker cook young brown green white black gray grey king knight price rich long short "
        "wood woods stone field hill marsh lake rivers brook ford bridge church parish bishop "
        "pope day days weeks winter summers berry cherry ginger basil angel christian "
        "constance patience prudence victor ray max guy miles penny sandy sunny star storm "
        "blessing precious prince princess charity harmony melody destiny honour justice major "
        "earl duke read reed bond case cross parker page porter potter shepherd smith turner "
        "walker ward webb wise bright sharp strong swift little small best drew gene jay kit "
        "nick peg rusty sky sonny wade west north east south noble golden silver head hand "
        "foot bird wolf fox lamb hart drake crane swan finch park banks barnes moss heath bell "
        "ball box cole cash coin gold more moore most much new old love loves lovely "
        "nurse carpenter gardener fisher flower flowers driver singer dancer farmer "
        "miller mills brooks forest glass snow frost rain bliss comfort mercy trust truth "
        "peace freedom liberty gift happy lucky sweet darling friend child man lady law "
        "laws pound marks bills hands butcher weaver mason sailor archer piper harper "
        "painter speaker"
    )
    | MONTHS
)
#: a word and what follows it where it is no name, such as "Young people"
NO_NAME_BEFORE: Final = {
    "young": _words(
        "people person people's person's carer carers child children adult adults man men "
        "woman women parent parents one ones mother mothers father fathers"
    ),
    "will": _words("the this that it they he she we you i be not there a an all any each these"),
    "may": _words("be have not the this that it they he she we you i well also need"),
    "case": _words(
        "notes note file files work worker workers summary recording discussion discussions "
        "study conference records record planning supervision management audits audit holder"
    ),
    "head": _words("of teacher teachers"),
    "long": _words("term standing waits wait after before"),
    "short": _words("term breaks break visits notes"),
    "strong": _words("and relationships relationship evidence practice voice focus management"),
    "bright": _words("colours"),
    "best": _words("practice interests interest friend friends"),
    "new": _words("york"),
    "more": _words("than time work could visits of people families children"),
    "most": _words("of visits people families children"),
    "good": _words("practice work use recording management"),
    "little": _words("by of was"),
    "small": _words("steps changes groups group team"),
    "read": _words("the this it together aloud"),
    "day": _words("care nursery visits trips centre"),
    "page": _words("one two three"),
    "mark": _words("the each every"),
    "park": _words("visits"),
    "much": _words("of"),
    "old": _words("records notes files"),
    "green": _words("amber rag and"),
    "amber": _words("rag and"),
}
EVERYDAY: Final = NAME_WORDS | _words(
    "a about above after again against all almost alone along already also although always am "
    "among an and another any anyone anything are around as ask asked asking at away back be "
    "became because become been before began behind being born below between both but by call "
    "called came can care carer carers change changed changes check child children clear close "
    "come could daily decision decisions describe did different direct do does doing done down "
    "during each early easy eight either end enough even evening every everyone everything "
    "evidence example examples family families father fathers feel few find first five "
    "followed following for found four friday from full further gave get give given go goes "
    "going good got great group had half has have he help helped her here hers him his home "
    "how however if important in instead into is it its just keep kept know known last late "
    "later learn learning learnt led left less let letter letters life like listened listening "
    "live lives look looked made make making manager managers many me meet meeting meetings "
    "met might mine monday month monthly months morning mother mothers must my near nearly "
    "need needed needs never next nine no nobody none nor not nothing notes now of off often "
    "on once one only open or other others our ours out outcome outcomes over own parent "
    "parents part partners people per person plan planned planning plans play played point "
    "practice practitioner practitioners progress put question questions quick quickly rather "
    "ready record recorded records recording regular relatives review reviewed reviews right "
    "risk risks safe safety said same saw school schools second see seen session set seven "
    "several share shared she should show showed shown since single six so social some someone "
    "something soon spent staff start started still stop stopped strength strengths such "
    "sunday supervision support supported take taken takes team teams tell ten than thanks "
    "that the their theirs them themselves then there therefore these they thing things think "
    "third this those though thought three through throughout thursday time times to today "
    "together told too took toward towards try tuesday two under understand understood until "
    "up upon us use used useful using very visit visited visits voice wait want wanted was way "
    "we wednesday week weekly well went were what when where whether which while who whole "
    "whom whose why wishes with within without word words work worked worker workers working "
    "worries would write writing written wrote year years yes yesterday yet you your yours"
)
#: capitals in the middle of a sentence that name nobody
CAPITALS: Final = MONTHS | _words(
    "monday tuesday wednesday thursday friday saturday sunday christmas easter eid ramadan "
    "diwali hanukkah passover i england english wales welsh scotland scottish ireland irish "
    "britain british uk team manager service services head social worker practitioner officer "
    "auditor director executive assistant quality assurance early help child's children's "
    "children child family court court's cafcass camhs nhs gp senco ofsted police health "
    "visitor school education review panel moving forward meeting conference protection in "
    "need plan plans signs safety act working together outstanding good inadequate requires "
    "improvement library teams word excel microsoft covid internet ok"
)
#: capitals of two letters and more that are no initials
ABBREVIATIONS: Final = _words(
    "SM TM QA SW GP IT AM PM OK UK EU ID TV HR PC CP CIN LAC LA LD MH DV DA DBS IRO ICPC RCPC "
    "CAFCASS CAMHS NHS ICS MASH SEND SEN EHCP EHC EH EP FGC IFA PEP PLO RAG SGO SQA HOS AED "
    "EAD DCS TAF VCS YOT YP ADHD ASD PTSD FASD BSL EAL ASAP FAQ ND RD ST TH VIA"
)
STREETS: Final = (
    "Road|Street|Avenue|Lane|Close|Drive|Way|Court|Place|Crescent|Gardens|Terrace|Grove|Hill|R "
    "ise| Square|Row|Mews|View|Walk|Green|Park|House|Rd|St|Ave|Ln|Cl|Dr"
)
