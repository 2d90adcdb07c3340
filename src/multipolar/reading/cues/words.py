"""Words of growing, shrinking and lasting, of wanting, expecting, supposing and denying."""

from __future__ import annotations

from typing import Final

from multipolar.reading.grammar import words

MORE: Final = words(
    "increase grow rise deepen strengthen intensify expand widen tighten gain boost enhance extend heighten mount "
    "escalate surge bolster reinforce sharpen consolidate cement build acquire win restore regain recover renew "
    "accelerate swell spread broaden amplify fuel stoke double triple harden develop forge improve upgrade emerge "
    "lengthen inflame flare rekindle sow revive resume reassert return raise multiply aggravate exacerbate entrench "
    "begin start rebuild earn obtain achieve secure warm awaken ignite reignite attain step-up ratchet redouble "
    "establish strike"
)
LESS: Final = words(
    "reduce decrease decline shrink erode wane weaken lose diminish lessen fade ebb dwindle ease abate subside fall "
    "drop cut curb limit curtail loosen undermine collapse crumble evaporate end break shake damage dent sap hurt "
    "relax lighten lower minimize minimise mitigate overcome escape avoid prevent avert counter counteract resist "
    "shed wean cool heal dissipate dilute decimate halve blunt contain eliminate remove squander forfeit vanish "
    "disappear melt slip soften unravel fray deteriorate suffer dispel allay slacken bridge thaw destroy impair "
    "check offset thwart combat abandon cease stop sever wither worsen sour quit leave rupture strain shatter "
    "jeopardise jeopardize poison freeze chill roll-back tarnish falter crack suspend downgrade dismantle renounce "
    "terminate dissolve forestall shrug defuse"
)
SAME: Final = words(
    "keep maintain remain continue retain preserve persist sustain last endure survive stay outlast linger "
    "safeguard protect defend perpetuate uphold prolong stabilise stabilize guard reaffirm affirm"
)
MORE_BESIDE: Final = words(
    "growing increasing rising deepening mounting expanding widening renewed new heightened escalating intensifying "
    "strengthening greater bigger stronger closer deeper warmer burgeoning budding nascent emerging further "
    "additional fresh more increasingly ever swelling wider broader tighter rapid sudden improved improving "
    "reinforced sharper"
)
LESS_BESIDE: Final = words(
    "waning declining shrinking fading dwindling eroding weakening weaker diminished reduced lower lesser falling "
    "less damaged shaken lost crumbling collapsing receding diminishing vanishing decreasing loosening easing "
    "looser eroded fewer cooler smaller"
)
SAME_BESIDE: Final = words(
    "lasting continued continuing enduring persistent abiding long-standing longstanding perennial unwavering "
    "constant steady permanent age-old sustained ongoing unbroken unchanged still always lingering continual "
    "undiminished stubborn unshaken"
)
MORE_OF: Final = words(
    "growth rise increase expansion strengthening deepening escalation surge intensification return revival "
    "restoration consolidation extension emergence widening gain"
)
LESS_OF: Final = words(
    "decline erosion loss reduction fall decrease weakening end waning collapse breakdown easing dilution limit "
    "diminution breakup break-up rupture demise cut suspension ending"
)
SAME_OF: Final = words("maintenance persistence continuation preservation survival continuity")
NONE_OF: Final = words("lack absence dearth want shortage")
WANTING: Final = words(
    "want wish hope seek try attempt intend plan aim strive aspire endeavour endeavor struggle mean mull "
    "contemplate ponder promise pledge vow offer propose prepare design refuse determine desire crave covet dream "
    "long prefer resolve agree urge demand ask call need yearn bid"
)
WANTED: Final = words(
    "attempt effort bid ambition desire quest wish plan aim goal hope intention search campaign drive proposal "
    "strategy determination dream bent readiness willingness pursuit struggle priority objective purpose"
)
EAGER: Final = words(
    "eager keen anxious determined ready willing intent desperate bent reluctant intended meant designed"
)
SUPPOSING: Final = words("could might may would can should were")
IF: Final = words("if unless whether provided should lest")
EXPECTED: Final = words("likely unlikely set bound expected poised destined sure certain due")
TIES: Final = words("relation relations relationship tie ties link links bond rapport friendship")
FAILING: Final = words("fail refuse decline struggle unable avoid")
QUITTING: Final = words("leave quit abandon")
#: Verbs of attempts that come to nothing.
VAIN: Final = words("fail founder backfire flop falter collapse misfire")
NEGATIONS: Final = words(
    "not n't n’t no never neither nor hardly barely scarcely seldom without rarely nothing none nobody little few"
)
