"""Every kind of harm by its name: what does it, whether it is refused, what it costs, and its words everywhere.

All that is said of a hazard stands here: to authors in messages and in the README, to learners in release notes, and to
those who imported a draft. Words in braces are the facts of one case, which come with the hazard.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Harm:
    """What is true of every hazard of one name.

    edit, because   what does it, and why it is a hazard: a row of the table in the README
    happened        what is seen, and, after a colon,
    effect          what learners would come to by it
    way_out         what an author does instead
    refused         a build stops until the author accepts it; what is not refused is warned of
    costs_progress  reviews are lost, or count for what was never learned: a release with it is a major one
    as_a_whole      one edit has it under several subjects, and to accept one of them is to accept all
    to_learners     what they may want to know and do; {search} finds the notes in Anki's browser, {notes} counts them
    to_drafters     the same for those who imported a draft, of what only drafts had; nothing where it is no matter
    page            the rest of its page for `cuedeck explain`: the way out, a bad and a good example
    """

    edit: str
    because: str
    happened: str
    effect: str
    way_out: str
    refused: bool = False
    costs_progress: bool = False
    as_a_whole: bool = False
    to_learners: str = ""
    to_drafters: str = ""
    page: str = ""


_RESET = "To start these cards anew, choose *Reset* for the notes that {search} finds."
_REPLACED = "and with them your own edits and tags on those."
_BLANK = "Some cards are blank now. *Tools > Empty Cards* removes them."
_RESET_THEM = 'reset the cards of "{note}", which {search} finds, since their reviews are of something else'
_DELETE_OLD = "delete the notes that {search} finds, or you have it twice"
_WRONG_ANSWER = "learners' reviews would count for the wrong answer"
_WRONG_QUESTION = "learners' reviews would count for the wrong question"

# The ways out of another guid: in a deck of ours, in one that was another tool's, and in one that is.
KEEP_GUID = 'take "guid:" out, or put back what it was'
GO_ON_FROM_GUID = "write what Anki knows it by into the note, as guid: {old}, and take the old deck over: cuedeck adopt"
GIVE_GUIDS = (
    "give each note a guid of its own that stays when its text changes, and this one the guid that it had: {old}; "
    "genanki makes one of all fields where it is given none: genanki.Note(guid=...)"
)

HARMS: Mapping[str, Harm] = {
    "cloze-moved": Harm(
        edit="cloze numbers change places",
        because="reviews would count for the wrong answer; the right numbering is printed",
        happened="{moves}",
        effect=_WRONG_ANSWER,
        way_out="number the deletions so: {numbering}",
        refused=True,
        costs_progress=True,
        to_learners=f"In some texts the gaps changed places, so that reviews of one gap count for another. {_RESET}",
        to_drafters=_RESET_THEM,
        page="""
            Way out: give each answer back the number that it had; the message prints the right numbering. A number
            belongs to an answer, and not to a place in the sentence.

            Bad:

                seine:
                  cloze: "{{c1::Paris}} lies on the {{c2::Seine}}."
                $ cuedeck release 1.0.0
                seine:
                  cloze: "The {{c1::Seine}} flows through {{c2::Paris}}."
                $ cuedeck build

            Good:

                seine:
                  cloze: "{{c1::Paris}} lies on the {{c2::Seine}}."
                $ cuedeck release 1.0.0
                seine:
                  cloze: "The {{c2::Seine}} flows through {{c1::Paris}}."
                $ cuedeck build
        """,
    ),
    "cloze-replaced": Harm(
        edit="a cloze number asks for another answer",
        because="reviews would count for the wrong answer: use a fresh number",
        happened='number {number} asked for "{old}" and asks for "{new}" now, in another sentence',
        effect=_WRONG_ANSWER,
        way_out="give the new deletion a fresh number, such as c{fresh}",
        refused=True,
        costs_progress=True,
        to_learners=f"Some gaps ask for another answer now, so that old reviews count for it. {_RESET}",
        to_drafters=_RESET_THEM,
        page="""
            Anki keeps reviews by the number of a deletion. A learner who knew the old answer would see the new one
            only after weeks or months, as though they had learned it.

            Only the answers and the words around them are compared. Where the rest of the sentence stays as it is,
            another answer counts as a correction, and nothing is reported.

            Way out: leave the old sentence as it is, and write the new one as a note with a new id. If the new answer
            has to be in this note, give it the fresh number that the message suggests, and never one that was used
            before; a build then warns of `card-added`, and of `cloze-gone` if the old number is gone.

            Bad:

                planets:
                  cloze: "The planet closest to the Sun is {{c1::Mercury}}."
                $ cuedeck release 1.0.0
                planets:
                  cloze: "By far the largest planet of all is {{c1::Jupiter}}."
                $ cuedeck build

            Good:

                planets:
                  cloze: "The planet closest to the Sun is {{c1::Mercury}}."
                $ cuedeck release 1.0.0
                planets:
                  cloze: "The planet closest to the Sun is {{c1::Mercury}}."
                largest-planet:
                  cloze: "By far the largest planet of all is {{c1::Jupiter}}."
                $ cuedeck build
        """,
    ),
    "question-moved": Harm(
        edit="questions change places",
        because="reviews would count for the wrong question",
        happened='"{note}" asks what "{other}" asked',
        effect=_WRONG_QUESTION,
        way_out="put each text back under its own id",
        refused=True,
        costs_progress=True,
        to_learners=f"Some questions changed places, so that reviews of one count for another. {_RESET}",
        to_drafters=_RESET_THEM,
        page="""
            Anki's history belongs to the id of a note, not to its text. Where two questions swap their ids, a learner
            who knew only one of them would get the other at the intervals of the one they knew.

            Way out: put each text back under the id that it had. The order of notes in the file does not matter to
            Anki, so move a note with its id.

            Bad:

                heart:
                  q: Which chamber of the heart pumps blood into the aorta?
                  a: The left ventricle
                lungs:
                  q: Which gas do red blood cells carry away from the tissues?
                  a: Carbon dioxide
                $ cuedeck release 1.0.0
                heart:
                  q: Which gas do red blood cells carry away from the tissues?
                  a: Carbon dioxide
                lungs:
                  q: Which chamber of the heart pumps blood into the aorta?
                  a: The left ventricle
                $ cuedeck build

            Good:

                heart:
                  q: Which chamber of the heart pumps blood into the aorta?
                  a: The left ventricle
                lungs:
                  q: Which gas do red blood cells carry away from the tissues?
                  a: Carbon dioxide
                $ cuedeck release 1.0.0
                lungs:
                  q: Which gas do red blood cells carry away from the tissues?
                  a: Carbon dioxide
                heart:
                  q: Which chamber of the heart pumps blood into the aorta?
                  a: The left ventricle
                $ cuedeck build
        """,
    ),
    "question-replaced": Harm(
        edit="a question and its answer are wholly other ones",
        because="reviews would count for the wrong question: use a new id",
        happened='"{note}" asked "{old}" and asks "{new}" now, with another answer',
        effect=_WRONG_QUESTION,
        way_out="give the new question a new id, and retire the old one",
        refused=True,
        costs_progress=True,
        to_learners=f"Some cards ask another question now, so that old reviews count for it. {_RESET}",
        to_drafters=_RESET_THEM,
        page="""
            A question counts as another one if it shares less than half of its words with the old one, and if the
            answer is not similar to the old answer either. If you only corrected the answer, or only reworded the
            question, nothing is reported.

            Way out: put the old text back under its id, with a line `retired:` and the reason, and write the new
            question under a new id.

            Bad:

                magna-carta:
                  q: In which year did King John seal Magna Carta?
                  a: "1215"
                $ cuedeck release 1.0.0
                magna-carta:
                  q: Whose army won at Bosworth Field?
                  a: That of Henry Tudor
                $ cuedeck build

            Good:

                magna-carta:
                  q: In which year did King John seal Magna Carta?
                  a: "1215"
                $ cuedeck release 1.0.0
                magna-carta:
                  q: In which year did King John seal Magna Carta?
                  a: "1215"
                  retired: The talk only mentions it in passing.
                bosworth:
                  q: Whose army won at Bosworth Field?
                  a: That of Henry Tudor
                $ cuedeck build
        """,
    ),
    "kind-changed": Harm(
        edit="a question became a cloze, or the reverse",
        because="Anki would ignore it: use a new id",
        happened='"{note}" was a {old} note and is a {new} note now',
        effect="Anki never brings such a change to learners",
        way_out="keep the kind, or write the new note under a new id",
        refused=True,
        costs_progress=True,
        to_learners="Some questions have another form now, which Anki does not bring to notes that are there. To get "
        "them, delete the notes that {search} finds, and import the deck again; their progress begins anew.",
        to_drafters="Anki never brings that to a note that is there; delete the notes that {search} finds, and import "
        "the deck again",
        page="""
            A question and a cloze have different note types, and an import never turns a note of one into a note of
            the other. Learners who have the note would keep the old form and never get a later correction of it.

            `cuedeck adopt` reports the same of a note that is a question in the package and a cloze in cards.yaml, or
            the reverse. That cannot be accepted: keep the kind, or take `guid:` out, and learners get it as a new
            note.

            Way out: put the note back as it was. If the new form is better, retire the old note, and write the new
            form under a new id; learners then start it anew.

            Bad:

                tempo:
                  q: Which Italian word tells musicians to play slowly?
                  a: Adagio
                $ cuedeck release 1.0.0
                tempo:
                  cloze: "{{c1::Adagio}} tells musicians to play slowly."
                $ cuedeck build

            Good:

                tempo:
                  q: Which Italian word tells musicians to play slowly?
                  a: Adagio
                $ cuedeck release 1.0.0
                tempo:
                  q: Which Italian word tells musicians to play slowly?
                  a: Adagio
                  retired: A cloze has taken its place.
                slow-tempo:
                  cloze: "{{c1::Adagio}} tells musicians to play slowly."
                $ cuedeck build
        """,
    ),
    "looks-renamed": Harm(
        edit="the same words under a new id",
        because="progress would stay with the old one: add `was:`",
        happened='the note "{note}" says what "{old}" said, which is gone',
        effect="learners would get it as a new card, and their progress would stay with the old one",
        way_out='if it is the same note, add the line "was: {old}" to it',
        refused=True,
        costs_progress=True,
        to_learners="Some notes come as new ones, and what you learned stays with the old.",
        to_drafters=_DELETE_OLD,
        page="""
            Anki identifies a note by its guid, which Cuedeck makes from the id that the note had first. Under a new
            id without `was`, learners get the note as a new card, and the old card stays with them, too.

            The texts need not be the same: notes that are worded nearly alike are reported, too. A build also warns
            that the old note has `vanished`; the example accepts that.

            Way out: if it is the same note, add `was:` with the id that it had. The line may stay for good. If it is
            another note, accept it.

            Bad:

                osmosis:
                  q: What passes through the membrane in osmosis?
                  a: Water
                $ cuedeck release 1.0.0
                water-in-osmosis:
                  q: What passes through the membrane in osmosis?
                  a: Water
                $ cuedeck build --accept vanished:osmosis

            Good:

                osmosis:
                  q: What passes through the membrane in osmosis?
                  a: Water
                $ cuedeck release 1.0.0
                water-in-osmosis:
                  was: osmosis
                  q: What passes through the membrane in osmosis?
                  a: Water
                $ cuedeck build
        """,
    ),
    "guid-changed": Harm(
        edit="another `guid:` for a note that is there, or the same note of another tool under another guid",
        because="learners would have it twice, and progress would stay with the first",
        happened='Anki knows the note "{note}" by the guid "{old}", and would take it for a new one under "{new}"',
        effect="learners would get it a second time, and their progress would stay with the first",
        way_out="{keep}",
        refused=True,
        costs_progress=True,
        to_learners="Some notes come a second time, as new ones, and what you learned stays with the first. In Anki's "
        "browser, {search} finds both.",
        to_drafters=_DELETE_OLD,
        page="""
            Anki identifies notes by their guids. Cuedeck makes the guid from the id of the note, and it stays the
            same even if you rename the note with `was`. Only a line `guid:` changes it.

            `cuedeck diff` also reports this of two packages that another tool made, if a note has the same text under
            another guid.

            Way out: take `guid:` out, or put back the guid that the message names. If the deck continues one that
            another tool made, run `cuedeck adopt` with the package that learners have before the first build.

            Bad:

                stack:
                  q: Which end of a stack is read first?
                  a: The top
                $ cuedeck release 1.0.0
                stack:
                  guid: my-stack-note
                  q: Which end of a stack is read first?
                  a: The top
                $ cuedeck build

            Good:

                stack:
                  q: Which end of a stack is read first?
                  a: The top
                $ cuedeck release 1.0.0
                stack:
                  q: Which end of a stack is read first?
                  a: The top
                $ cuedeck build
        """,
    ),
    "type-changed": Harm(
        edit="note types of another shape",
        because="Anki would stop all updates",
        happened="{became}",
        effect="Anki would stop all updates of its notes{and_more}",
        way_out="build with the version of cuedeck that built the deck before; for a deck that another tool made, run "
        '"cuedeck adopt" and hand out its bridge first',
        refused=True,
        costs_progress=True,
        as_a_whole=True,
        to_learners="First import the bridge that came before this version, as it is. Then, for this update only, tick "
        "*Merge note types* in the import options. Without the bridge, leave it off.",
        to_drafters="Anki updates none of its notes; delete them, and import the deck again",
        page="""
            Anki updates a note only if its note type in the package has the same number, fields and cards as the
            learner's. Where these differ, it refuses every note that the learner has already, now and at every later
            update.

            This happens in two cases: another version of Cuedeck gives the note types other fields or cards, or the
            deck continues one that another tool made, and you compare its first release with the old package.

            Way out: build the deck with the version of Cuedeck that built it before. For a deck of another tool, run
            `cuedeck adopt` with the package that learners have, hand out the bridge that it writes, and accept this
            for the first release only. The release notes tell learners to import the bridge first and then to tick
            *Merge note types* this once.

            The example continues a package of another namespace, which Cuedeck treats like that of another tool.

            Bad:

                deck: {id: trees, namespace: "a6f3k9q2", title: Trees}
                concepts:
                  oaks:
                    title: Oaks
                    notes:
                      oak: {q: What are the fruits of the oak called?, a: Acorns}
                $ cuedeck build -o old.apkg
                $ rm cards.lock
                deck: {id: trees, namespace: "w4t8z2m6", title: Trees}
                concepts:
                  oaks:
                    title: Oaks
                    notes:
                      oak: {q: What are the fruits of the oak called?, a: Acorns, guid: "93ae0f301a2d1c1b8f66"}
                $ cuedeck adopt old.apkg
                $ cuedeck release 1.0.0 --since old.apkg

            Good:

                deck: {id: trees, namespace: "a6f3k9q2", title: Trees}
                concepts:
                  oaks:
                    title: Oaks
                    notes:
                      oak: {q: What are the fruits of the oak called?, a: Acorns}
                $ cuedeck build -o old.apkg
                $ rm cards.lock
                deck: {id: trees, namespace: "w4t8z2m6", title: Trees}
                concepts:
                  oaks:
                    title: Oaks
                    notes:
                      oak: {q: What are the fruits of the oak called?, a: Acorns, guid: "93ae0f301a2d1c1b8f66"}
                $ cuedeck adopt old.apkg
                $ cuedeck release 1.0.0 --since old.apkg --accept type-changed:qa
        """,
    ),
    "title-changed": Harm(
        edit="the deck's title, a source's `deck`",
        because="Anki would make a second deck, and leave the old cards where they are",
        happened='the deck was called "{old}" and is called "{new}" now',
        effect="Anki finds decks by name, so learners would get a second deck while their cards stay in the old one",
        way_out="{keep}",
        refused=True,
        as_a_whole=True,
        to_learners="A deck has another name now: new cards go there, and yours stay in the old one, with all their "
        "progress. To have them together, move yours.",
        to_drafters="your cards stay in the old one; move them, or delete it",
        page="""
            Anki finds a deck by its name. An import never moves cards that are there already, so learners would have
            their old cards in one deck and the new ones in another.

            Way out: put the old name back. A better name may go into `description`, which learners read on the deck's
            page in Anki. If you accept the new title, the release notes tell learners to move their cards.

            Bad:

                deck:
                  id: moons
                  namespace: "q8w3e7r2"
                  title: Moons of Jupiter
                $ cuedeck release 1.0.0
                deck:
                  id: moons
                  namespace: "q8w3e7r2"
                  title: Jovian moons
                $ cuedeck build

            Good:

                deck:
                  id: moons
                  namespace: "q8w3e7r2"
                  title: Moons of Jupiter
                $ cuedeck release 1.0.0
                deck:
                  id: moons
                  namespace: "q8w3e7r2"
                  title: Moons of Jupiter
                  description: All about the Jovian moons.
                $ cuedeck build
        """,
    ),
    "unretired": Harm(
        edit="the id of a note that was retired",
        because="it is that note's for good; accept it to bring that note back",
        happened='the note "{note}" was retired ({why}), and its id is not free for another',
        effect="learners who kept the old note would find it changed into this one",
        way_out="give a new note a new id; to bring this very note back, accept it",
        refused=True,
        to_learners="Notes that had left the deck are back. If you kept yours, your progress goes on.",
        page="""
            A retired note leaves the package, but not the learners' collections. Those who kept it would find it
            changed into the new note, with reviews that belong to the old one.

            Way out: give a new note a new id. If you want to bring back the very note that was retired, accept it:
            learners who kept the note go on with their progress.

            Bad:

                longest-river:
                  q: Which river of Africa is the longest?
                  a: The Nile
                delta:
                  q: What is land called that a river builds at its mouth?
                  a: A delta
                $ cuedeck release 1.0.0
                longest-river:
                  q: Which river of Africa is the longest?
                  a: The Nile
                  retired: It is disputed where the Nile begins.
                delta:
                  q: What is land called that a river builds at its mouth?
                  a: A delta
                $ cuedeck release 1.1.0
                longest-river:
                  q: Which river of Asia is the longest?
                  a: The Yangtze
                delta:
                  q: What is land called that a river builds at its mouth?
                  a: A delta
                $ cuedeck build

            Good:

                longest-river:
                  q: Which river of Africa is the longest?
                  a: The Nile
                delta:
                  q: What is land called that a river builds at its mouth?
                  a: A delta
                $ cuedeck release 1.0.0
                longest-river:
                  q: Which river of Africa is the longest?
                  a: The Nile
                  retired: It is disputed where the Nile begins.
                delta:
                  q: What is land called that a river builds at its mouth?
                  a: A delta
                $ cuedeck release 1.1.0
                longest-in-asia:
                  q: Which river of Asia is the longest?
                  a: The Yangtze
                delta:
                  q: What is land called that a river builds at its mouth?
                  a: A delta
                $ cuedeck build
        """,
    ),
    "lock-lost": Harm(
        edit="the lock is missing, or older than what was handed out",
        because="learners' own edits would be replaced",
        happened="{lost}",
        effect="learners' own edits and tags on them would be replaced",
        way_out="{bring_back}",
        refused=True,
        to_learners=f"Notes are replaced though nothing in them changed, {_REPLACED}",
        page="""
            cards.lock records for each note the guid, the time of its last change and what learners have. Without it,
            a build would count every note as changed, and Anki would replace all of them in learners' collections.

            Way out: bring cards.lock back from git: `git checkout HEAD -- cards.lock`. If it is in no commit, make it
            anew from the package that learners have, with `cuedeck adopt`. Rename an older cards.lock first. If the
            package is that of another branch, delete the package.

            Bad:

                sonnet:
                  q: How many lines does a sonnet have?
                  a: Fourteen
                $ cuedeck release 1.0.0
                $ rm cards.lock
                $ cuedeck build

            Good:

                sonnet:
                  q: How many lines does a sonnet have?
                  a: Fourteen
                $ cuedeck release 1.0.0
                $ rm cards.lock
                $ cuedeck adopt decks/small.apkg
                $ cuedeck build
        """,
    ),
    "stale": Harm(
        edit="a package that was built without the lock of the older one",
        because="learners would never get its edits",
        happened='"{note}" differs, but its time is not newer than what learners have',
        effect="they never get it",
        way_out="{rebuild}",
        refused=True,
        to_learners="Some corrections do not reach notes that are there: those that {search} finds.",
        to_drafters="yours stays as it is until the note next changes",
        page="""
            Anki takes a note from a package only if it is newer there than in the learner's collection. As long as
            all packages are built with the same cards.lock, every note that changed is newer. This happens only if a
            package was built without the cards.lock of the one before it, and earlier than that one, or with a clock
            that was wrong.

            Only commands that compare two packages can see this: `cuedeck diff`, `cuedeck release` and `cuedeck
            rehearse`. A build cannot.

            Way out: build the newer package with the cards.lock that the older package was built with. If cards.lock
            is lost, make it anew from the older package with `cuedeck adopt`. If you named the two packages the wrong
            way round, swap them.

            Bad:

                krebs:
                  q: Where in the cell does the citric acid cycle run?
                  a: In the mitochondrion
                $ cuedeck release 1.0.0
                $ mv decks/small-1.0.0.apkg old.apkg
                $ rm cards.lock CHANGELOG.md decks/small.apkg
                krebs:
                  q: Where in the cell does the citric acid cycle run?
                  a: In the matrix of the mitochondrion
                $ SOURCE_DATE_EPOCH=1600000000 cuedeck release 1.1.0 --since old.apkg

            Good:

                krebs:
                  q: Where in the cell does the citric acid cycle run?
                  a: In the mitochondrion
                $ cuedeck release 1.0.0
                $ mv decks/small-1.0.0.apkg old.apkg
                $ rm cards.lock CHANGELOG.md decks/small.apkg
                $ cuedeck adopt old.apkg
                krebs:
                  q: Where in the cell does the citric acid cycle run?
                  a: In the matrix of the mitochondrion
                $ cuedeck release 1.1.0 --since old.apkg
        """,
    ),
    "cloze-gone": Harm(
        edit="a cloze number is taken out",
        because="learners keep a blank card until *Tools > Empty Cards*",
        happened='number {number} ("{old}") is gone',
        effect="its card stays with learners, and says that it has no cloze",
        way_out="tell learners to use Tools > Empty Cards, or put the deletion back",
        to_learners=_BLANK,
        to_drafters='its card stays with "{note}", and is blank; Tools > Empty Cards removes it',
        page="""
            Anki never deletes a card when it imports a package. Learners keep the card of the number that is gone,
            and it says that it has no cloze.

            Way out: put the deletion back. If the card has to go, accept it, and the release notes tell learners of
            *Tools > Empty Cards*.

            Bad:

                photosynthesis:
                  cloze: "Plants make {{c1::sugar}} from {{c2::carbon dioxide}} and water."
                $ cuedeck release 1.0.0
                photosynthesis:
                  cloze: "Plants make {{c1::sugar}} from carbon dioxide and water."
                $ cuedeck build

            Good:

                photosynthesis:
                  cloze: "Plants make {{c1::sugar}} from {{c2::carbon dioxide}} and water."
                $ cuedeck release 1.0.0
                photosynthesis:
                  cloze: "Green plants make {{c1::sugar}} from {{c2::carbon dioxide}} and water."
                $ cuedeck build
        """,
    ),
    "reverse-gone": Harm(
        edit="`reverse: true` is taken out",
        because="learners keep a blank card until *Tools > Empty Cards*",
        happened='"{note}" no longer has a reverse card',
        effect="learners keep theirs, and its front is blank",
        way_out="tell learners to use Tools > Empty Cards, or put reverse: true back",
        to_learners=_BLANK,
        to_drafters="yours stays, and is blank; Tools > Empty Cards removes it",
        page="""
            Anki never deletes a card when it imports a package. Learners keep the reverse card, and its front is
            blank.

            Way out: put `reverse: true` back. If the card has to go, accept it, and the release notes tell learners
            of *Tools > Empty Cards*.

            Bad:

                fe:
                  q: What is the symbol of iron?
                  a: Fe
                  reverse: true
                $ cuedeck release 1.0.0
                fe:
                  q: What is the chemical symbol of iron?
                  a: Fe
                $ cuedeck build

            Good:

                fe:
                  q: What is the symbol of iron?
                  a: Fe
                  reverse: true
                $ cuedeck release 1.0.0
                fe:
                  q: What is the chemical symbol of iron?
                  a: Fe
                  reverse: true
                $ cuedeck build
        """,
    ),
    "card-added": Harm(
        edit="a card more on a note that is there",
        because="learners who edited the note themselves get the card without its text",
        happened='"{note}" gets {card}',
        effect="learners who edited the note themselves get the card, but not the text for it",
        way_out="nothing is lost; put what is new into a note of its own, or accept this",
        to_learners="Some notes have one more card. On a note that you edited yourself, the new card may be blank.",
        page="""
            Anki adds the new card for every learner, but does not update a note that the learner edited after you
            changed it. On such a note, the new card has nothing to ask.

            Way out: leave the note as it is, and write what is new as a note of its own. Or accept it: nothing is
            lost, and learners who left the note alone get the card as you wrote it.

            Bad:

                danube:
                  cloze: "The Danube rises in {{c1::Germany}} and flows into the Black Sea."
                $ cuedeck release 1.0.0
                danube:
                  cloze: "The Danube rises in {{c1::Germany}} and flows into the {{c2::Black Sea}}."
                $ cuedeck build

            Good:

                danube:
                  cloze: "The Danube rises in {{c1::Germany}} and flows into the Black Sea."
                $ cuedeck release 1.0.0
                danube:
                  cloze: "The Danube rises in {{c1::Germany}} and flows into the Black Sea."
                danube-mouth:
                  cloze: "The Danube flows into the {{c1::Black Sea}}."
                $ cuedeck build
        """,
    ),
    "vanished": Harm(
        edit="a note taken out of the file",
        because="learners keep it forever; say `retired:` with the reason",
        happened='the note "{note}" is no longer in the {where}',
        effect="learners who have it keep it for ever",
        way_out='put it back, with "retired:" and the reason; learners find it in Anki\'s browser by {search}',
        page="""
            Anki never deletes a note when it imports a package, so a note that is missing from the new package stays
            in every learner's collection. `retired` makes the deck's page in Anki tell them how to find and delete
            it.

            Way out: put the note back, and add `retired:` with the reason. After the next release you may take it out
            of the file. If you renamed the note, add `was:` with its former id to the new one.

            Bad:

                pluto:
                  q: Which is the ninth planet?
                  a: Pluto
                neptune:
                  q: Which planet is the farthest from the Sun?
                  a: Neptune
                $ cuedeck release 1.0.0
                neptune:
                  q: Which planet is the farthest from the Sun?
                  a: Neptune
                $ cuedeck build

            Good:

                pluto:
                  q: Which is the ninth planet?
                  a: Pluto
                neptune:
                  q: Which planet is the farthest from the Sun?
                  a: Neptune
                $ cuedeck release 1.0.0
                pluto:
                  q: Which is the ninth planet?
                  a: Pluto
                  retired: Pluto has counted as a dwarf planet since 2006.
                neptune:
                  q: Which planet is the farthest from the Sun?
                  a: Neptune
                $ cuedeck build
        """,
    ),
    "cards-stay": Harm(
        edit="a note that belongs to another subdeck now",
        because="cards that learners have stay where they are",
        happened='{count} of the deck "{old}" {belong} to "{new}" now, such as "{first}"',
        effect="cards that learners have stay where they are",
        way_out="nothing is lost; learners may move them",
        to_learners="Some notes belong to another deck now. Cards that you have stay where they are, with all their "
        "progress; move those of {search} if you like.",
        to_drafters="cards that you have stay where they are; move them if you like",
        page="""
            Learners who import the deck for the first time find the note in the other subdeck. For all others its
            cards stay where they are, because an import never moves a card.

            `cuedeck check` and `cuedeck build` warn only if the subdeck of a whole source changed; `cuedeck diff` and
            `cuedeck release`, which compare with the package that learners have, also report single notes.

            Way out: nothing is lost, so accept it with the name of the new deck, as the message says. The release
            notes then tell learners which cards they may move. If the note changed its source by mistake, give it the
            old one back.

            Bad:

                deck: {id: rome, namespace: "m2x6c9v3", title: Empires}
                sources:
                  west: {title: The fall of Rome, url: "https://example.org/rome.mp4", deck: West}
                  east: {title: The rise of Byzantium, url: "https://example.org/byzantium.mp4", deck: East}
                concepts:
                  emperors:
                    title: Emperors
                    at: 1:10
                    notes:
                      founder: {q: Who was the first emperor?, a: Augustus, source: west}
                      last-in-west: {q: Who was the last emperor in the West?, a: Romulus Augustulus, source: west}
                      great-church: {q: Who had Hagia Sophia built?, a: Justinian, source: east}
                $ cuedeck release 1.0.0
                deck: {id: rome, namespace: "m2x6c9v3", title: Empires}
                sources:
                  west: {title: The fall of Rome, url: "https://example.org/rome.mp4", deck: West}
                  east: {title: The rise of Byzantium, url: "https://example.org/byzantium.mp4", deck: East}
                concepts:
                  emperors:
                    title: Emperors
                    at: 1:10
                    notes:
                      founder: {q: Who was the first emperor?, a: Augustus, source: west}
                      last-in-west: {q: Who was the last emperor in the West?, a: Romulus Augustulus, source: east}
                      great-church: {q: Who had Hagia Sophia built?, a: Justinian, source: east}
                $ cuedeck release 1.1.0

            Good:

                deck: {id: rome, namespace: "m2x6c9v3", title: Empires}
                sources:
                  west: {title: The fall of Rome, url: "https://example.org/rome.mp4", deck: West}
                  east: {title: The rise of Byzantium, url: "https://example.org/byzantium.mp4", deck: East}
                concepts:
                  emperors:
                    title: Emperors
                    at: 1:10
                    notes:
                      founder: {q: Who was the first emperor?, a: Augustus, source: west}
                      last-in-west: {q: Who was the last emperor in the West?, a: Romulus Augustulus, source: west}
                      great-church: {q: Who had Hagia Sophia built?, a: Justinian, source: east}
                $ cuedeck release 1.0.0
                deck: {id: rome, namespace: "m2x6c9v3", title: Empires}
                sources:
                  west: {title: The fall of Rome, url: "https://example.org/rome.mp4", deck: West}
                  east: {title: The rise of Byzantium, url: "https://example.org/byzantium.mp4", deck: East}
                concepts:
                  emperors:
                    title: Emperors
                    at: 1:10
                    notes:
                      founder: {q: Who was the first emperor?, a: Augustus, source: west}
                      last-in-west: {q: Who was the last emperor in the West?, a: Romulus Augustulus, source: east}
                      great-church: {q: Who had Hagia Sophia built?, a: Justinian, source: east}
                $ cuedeck release 1.1.0 --accept cards-stay:Empires::East
        """,
    ),
    "link-changed": Harm(
        edit="a link in a note itself leads to another address",
        because="that note is replaced for it",
        happened='a link of "{note}" led to {old} and leads to {new} now',
        effect="the note is replaced as a whole, and with it learners' own edits and tags on it",
        way_out="open both to see which is right; to keep the old one, write it under link:, with {{seconds}} for the "
        "time",
        as_a_whole=True,
        to_learners=f"Some links lead to another address now. Notes that hold one are replaced as a whole, {_REPLACED}",
        page="""
            The links of the main source are part of the note type, and change without touching a note. Those of all
            other sources are part of the note itself: when they change, Anki replaces the note in every learner's
            collection, and with it their own edits and tags.

            Way out: open both links. If the new one is right, accept it. If the old one still leads to the right
            moment, write it under `link:`, with `{seconds}` in place of the time.

            Bad:

                sources:
                  lecture:
                    title: Fugues for beginners
                    url: https://example.org/fugues.mp4
                  concert:
                    title: A concert of fugues
                    url: https://example.org/concert.mp4
                concepts:
                  fugue:
                    title: Fugue
                    at: 2:30
                    notes:
                      subject: {q: What is the main tune of a fugue called?, a: The subject, source: lecture}
                      stretto: {q: What is an early entry of the tune called?, a: Stretto, source: concert}
                $ cuedeck release 1.0.0
                sources:
                  lecture:
                    title: Fugues for beginners
                    url: https://example.org/fugues.mp4
                  concert:
                    title: A concert of fugues
                    url: https://example.com/archive/concert.mp4
                concepts:
                  fugue:
                    title: Fugue
                    at: 2:30
                    notes:
                      subject: {q: What is the main tune of a fugue called?, a: The subject, source: lecture}
                      stretto: {q: What is an early entry of the tune called?, a: Stretto, source: concert}
                $ cuedeck build

            Good:

                sources:
                  lecture:
                    title: Fugues for beginners
                    url: https://example.org/fugues.mp4
                  concert:
                    title: A concert of fugues
                    url: https://example.org/concert.mp4
                concepts:
                  fugue:
                    title: Fugue
                    at: 2:30
                    notes:
                      subject: {q: What is the main tune of a fugue called?, a: The subject, source: lecture}
                      stretto: {q: What is an early entry of the tune called?, a: Stretto, source: concert}
                $ cuedeck release 1.0.0
                sources:
                  lecture:
                    title: Fugues for beginners
                    url: https://example.org/fugues.mp4
                  concert:
                    title: A concert of fugues
                    url: https://example.com/archive/concert.mp4
                    link: https://example.org/concert.mp4#t={seconds}
                concepts:
                  fugue:
                    title: Fugue
                    at: 2:30
                    notes:
                      subject: {q: What is the main tune of a fugue called?, a: The subject, source: lecture}
                      stretto: {q: What is an early entry of the tune called?, a: Stretto, source: concert}
                $ cuedeck build
        """,
    ),
    "not-adopted": Harm(
        edit="a `guid:` that was not taken over with `cuedeck adopt`",
        because="Anki refuses the note to all who have one with that guid",
        happened='the note "{note}" has a guid that {whose}',
        effect="Anki refuses it to all who have that note, now and at every update; to all others it comes as a new "
        "one",
        way_out="{adopt}",
        to_learners="Some notes come from another deck. If you have that, Anki leaves those that {search} finds as "
        "they are.",
        page="""
            A line `guid:` means that another tool made the note first and that learners have it with that tool's note
            type. Anki refuses a note if the learner has its guid with another note type, unless a bridge from
            `cuedeck adopt` has prepared it.

            The message differs if another deck in the same folder has the note: the note was probably copied from
            there, together with its guid.

            Way out: if the deck continues one of another tool, run `cuedeck adopt` with the package that learners
            have before you hand out any build; if there is a cards.lock, rename it first. If the note is new, or a
            copy of one in another deck, take `guid:` out.

            Bad:

                hebb:
                  guid: "f$k3Lq0x:Z"
                  q: Which cells wire together?
                  a: Those that fire together
                $ cuedeck build

            Good:

                hebb:
                  q: Which cells wire together?
                  a: Those that fire together
                $ cuedeck build
        """,
    ),
    "deck-id-changed": Harm(
        edit="the deck's id",
        because="all notes with tags are replaced",
        happened='the id of the deck was "{old}" and is "{new}" now',
        effect="all tags stand under it, so every note that had one is replaced, and with it learners' own edits and "
        "tags",
        way_out="put {old} back",
        to_learners=f"Notes with tags are replaced as a whole, {_REPLACED}",
        to_drafters="all notes with tags are replaced as a whole",
        page="""
            Every tag of the deck begins with its id, such as `zoo::mammals`. With another id, all these tags change,
            so Anki replaces every note that has one, and with it learners' own edits and tags.

            Way out: put the old id back. It need not fit the title.

            Bad:

                deck: {id: birds, namespace: "v5b8n2m4", title: Birds, tags: birds}
                $ cuedeck release 1.0.0
                deck: {id: garden-birds, namespace: "v5b8n2m4", title: Birds, tags: birds}
                $ cuedeck build

            Good:

                deck: {id: birds, namespace: "v5b8n2m4", title: Birds, tags: birds}
                $ cuedeck release 1.0.0
                deck: {id: birds, namespace: "v5b8n2m4", title: Birds, tags: birds, author: A. Writer}
                $ cuedeck build
        """,
    ),
    "main-source-gone": Harm(
        edit="the main source of the last release taken out, or given another id and address at once",
        because="the first source takes its place, and all of its notes are replaced; put it back, be it without notes",
        happened='the main source was "{old}" and is "{new}" now',
        effect='all of its notes that learners have ({count}, such as "{first}") are replaced, and with them '
        "learners' own edits and tags",
        way_out='put "{old}" back, which may stand there without notes; if it is there, give it the id or the address '
        "back that it had",
        to_learners=f"Another recording is the main one now, and its notes are replaced as a whole, {_REPLACED}",
        page="""
            The links of the main source are part of the note type, so that they can change without touching a note.
            If another source becomes the main one, all of its notes change, and Anki replaces them in every learner's
            collection, together with their own edits and tags.

            Once a deck has been released, its main source stays the same, wherever it is in the file. It is
            recognized by its id or its address: you may change one of them, but not both before the next build.

            Way out: put the source back with its old id and address. It may stay without notes; to switch off the
            advice on that, add `chapter-without-notes in` and the id of the source under `check: ignore:`. If the
            source is still in the file, give it back the id or the address that it had.

            Bad:

                sources:
                  lecture:
                    title: How glaciers move
                    url: https://example.org/glaciers.mp4
                  walk:
                    title: A walk on the ice
                    url: https://example.org/walk.mp4
                concepts:
                  ice:
                    title: Ice
                    at: 3:00
                    notes:
                      moraine: {q: What is the debris of a glacier called?, a: A moraine, source: lecture}
                      crevasse: {q: What is a deep crack in a glacier called?, a: A crevasse, source: walk}
                $ cuedeck release 1.0.0
                sources:
                  walk:
                    title: A walk on the ice
                    url: https://example.org/walk.mp4
                concepts:
                  ice:
                    title: Ice
                    at: 3:00
                    notes:
                      moraine: {q: What is the debris of a glacier called?, a: A moraine, source: walk}
                      crevasse: {q: What is a deep crack in a glacier called?, a: A crevasse, source: walk}
                $ cuedeck build

            Good:

                sources:
                  lecture:
                    title: How glaciers move
                    url: https://example.org/glaciers.mp4
                  walk:
                    title: A walk on the ice
                    url: https://example.org/walk.mp4
                concepts:
                  ice:
                    title: Ice
                    at: 3:00
                    notes:
                      moraine: {q: What is the debris of a glacier called?, a: A moraine, source: lecture}
                      crevasse: {q: What is a deep crack in a glacier called?, a: A crevasse, source: walk}
                $ cuedeck release 1.0.0
                sources:
                  lecture:
                    title: How glaciers move
                    url: https://example.org/glaciers.mp4
                  walk:
                    title: A walk on the ice
                    url: https://example.org/walk.mp4
                check:
                  ignore:
                    chapter-without-notes in lecture: Its notes come from the walk now.
                concepts:
                  ice:
                    title: Ice
                    at: 3:00
                    notes:
                      moraine: {q: What is the debris of a glacier called?, a: A moraine, source: walk}
                      crevasse: {q: What is a deep crack in a glacier called?, a: A crevasse, source: walk}
                $ cuedeck build
        """,
    ),
    "mass-update": Harm(
        edit="an edit of something that many notes show, such as the title of their concept",
        because="many notes are replaced for a reason that is none of their own",
        happened='{count} are replaced {cause}, such as "{first}"',
        effect="learners' own edits and tags on them are gone once",
        way_out="put it back if it is not worth that",
        to_learners=f"{{notes}} are replaced as a whole, {_REPLACED}",
        page="""
            Anki replaces a note as a whole, so learners would lose their own edits and tags on many notes at once,
            without getting a better text for any of them.

            It is reported if at least five notes are replaced for the same reason: the title of their concept, their
            tags, the name of their source, or links in them; or though nothing in them changed, as after cards.lock
            was lost. Only `cuedeck diff` and `cuedeck release` report it, since they compare with the package that
            learners have.

            Way out: put the title, the tags or the links back if the change is not worth that. If it is, accept it;
            the release notes tell learners.

            Bad:

                concepts:
                  sorting:
                    title: Sorting
                    notes:
                      merge-sort: {q: How does merge sort split a list?, a: Into halves}
                      quick-sort: {q: What does quicksort choose first?, a: A pivot}
                      heap-sort: {q: Into what does heapsort turn its input?, a: A heap}
                      bubble-sort: {q: Which neighbours does bubble sort swap?, a: Those in the wrong order}
                      radix-sort: {q: By what does radix sort order numbers?, a: Their digits}
                $ cuedeck release 1.0.0
                concepts:
                  sorting:
                    title: Sorting algorithms
                    notes:
                      merge-sort: {q: How does merge sort split a list?, a: Into halves}
                      quick-sort: {q: What does quicksort choose first?, a: A pivot}
                      heap-sort: {q: Into what does heapsort turn its input?, a: A heap}
                      bubble-sort: {q: Which neighbours does bubble sort swap?, a: Those in the wrong order}
                      radix-sort: {q: By what does radix sort order numbers?, a: Their digits}
                $ cuedeck release 1.1.0

            Good:

                concepts:
                  sorting:
                    title: Sorting
                    notes:
                      merge-sort: {q: How does merge sort split a list?, a: Into halves}
                      quick-sort: {q: What does quicksort choose first?, a: A pivot}
                      heap-sort: {q: Into what does heapsort turn its input?, a: A heap}
                      bubble-sort: {q: Which neighbours does bubble sort swap?, a: Those in the wrong order}
                      radix-sort: {q: By what does radix sort order numbers?, a: Their digits}
                $ cuedeck release 1.0.0
                concepts:
                  sorting:
                    title: Sorting
                    notes:
                      merge-sort: {q: How does merge sort split a list?, a: Into two halves}
                      quick-sort: {q: What does quicksort choose first?, a: A pivot}
                      heap-sort: {q: Into what does heapsort turn its input?, a: A heap}
                      bubble-sort: {q: Which neighbours does bubble sort swap?, a: Those in the wrong order}
                      radix-sort: {q: By what does radix sort order numbers?, a: Their digits}
                $ cuedeck release 1.1.0
        """,
    ),
}
