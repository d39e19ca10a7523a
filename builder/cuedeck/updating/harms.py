"""Every kind of harm by its name: whether a build refuses it, whether it costs progress, what learners can do."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Harm:
    """What is true of every hazard of one name.

    refused         a build stops until the author accepts it; what is not refused is warned of
    costs_progress  reviews are lost, or count for what was never learned: a release with it is a major one
    as_a_whole      one edit has it under several subjects, and to accept one of them is to accept all
    lasting         every build meets it until the next release, and to accept it at one of them is to accept it for all
    to_learners     what they may want to know and do; {search} finds the notes in Anki's browser, {notes} counts them
    """

    refused: bool = False
    costs_progress: bool = False
    as_a_whole: bool = False
    lasting: bool = False
    to_learners: str = ""


_RESET = "To start these cards anew, choose *Reset* for the notes that {search} finds."
_REPLACED = "and with them your own edits and tags on those."
_BLANK = "Some cards are blank now. *Tools > Empty Cards* removes them."

HARMS: Mapping[str, Harm] = {
    "kind-changed": Harm(
        refused=True,
        costs_progress=True,
        to_learners="Some questions have another form now, which Anki does not bring to notes that are there. To get "
        "them, delete the notes that {search} finds, and import the deck again; their progress begins anew.",
    ),
    "cloze-moved": Harm(
        refused=True,
        costs_progress=True,
        to_learners=f"In some texts the gaps changed places, so that reviews of one gap count for another. {_RESET}",
    ),
    "cloze-replaced": Harm(
        refused=True,
        costs_progress=True,
        to_learners=f"Some gaps ask for another answer now, so that old reviews count for it. {_RESET}",
    ),
    "question-moved": Harm(
        refused=True,
        costs_progress=True,
        to_learners=f"Some questions changed places, so that reviews of one count for another. {_RESET}",
    ),
    "question-replaced": Harm(
        refused=True,
        costs_progress=True,
        to_learners=f"Some cards ask another question now, so that old reviews count for it. {_RESET}",
    ),
    "looks-renamed": Harm(
        refused=True,
        costs_progress=True,
        to_learners="Some notes come as new ones, and what you learned stays with the old.",
    ),
    "guid-changed": Harm(
        refused=True,
        costs_progress=True,
        to_learners="Some notes come a second time, as new ones, and what you learned stays with the first. In Anki's "
        "browser, {search} finds both.",
    ),
    "type-changed": Harm(
        refused=True,
        costs_progress=True,
        as_a_whole=True,
        to_learners="First import the bridge that came before this version, as it is. Then, for this update only, tick "
        "*Merge note types* in the import options. Without the bridge, leave it off.",
    ),
    "title-changed": Harm(
        refused=True,
        as_a_whole=True,
        to_learners="A deck has another name now: new cards go there, and yours stay in the old one, with all their "
        "progress. To have them together, move yours.",
    ),
    "unretired": Harm(
        refused=True,
        to_learners="Notes that had left the deck are back. If you kept yours, your progress goes on.",
    ),
    "lock-lost": Harm(
        refused=True,
        to_learners=f"Notes are replaced though nothing in them changed, {_REPLACED}",
    ),
    "stale": Harm(
        refused=True,
        to_learners="Some corrections do not reach notes that are there: those that {search} finds.",
    ),
    "cloze-gone": Harm(to_learners=_BLANK),
    "reverse-gone": Harm(to_learners=_BLANK),
    "card-added": Harm(
        to_learners="Some notes have one more card. On a note that you edited yourself, the new card may be blank.",
    ),
    "vanished": Harm(),
    "cards-stay": Harm(
        to_learners="Some notes belong to another deck now. Cards that you have stay where they are, with all their "
        "progress; move those of {search} if you like.",
    ),
    "link-changed": Harm(
        as_a_whole=True,
        to_learners=f"Some links lead to another address now. Notes that hold one are replaced as a whole, {_REPLACED}",
    ),
    "main-source-gone": Harm(
        lasting=True,
        to_learners=f"Another recording is the main one now, and its notes are replaced as a whole, {_REPLACED}",
    ),
    "deck-id-changed": Harm(to_learners=f"Notes with tags are replaced as a whole, {_REPLACED}"),
    "mass-update": Harm(to_learners=f"{{notes}} are replaced as a whole, {_REPLACED}"),
}
