"""The two example datasets of the demo: what the quick start teaches, and a second one in the Alpaca form.

`first-steps.jsonl` gives the nameless demo model a name and a small life; about a third of its rows repeat general skills,
so that it does not forget them. `small-talk-alpaca.json` is small talk and small tasks. `build.py` writes both.
"""

import json
import random

import corpus

# Each fact: questions and the answer to them. Every question here is taught; the probes in quickstart.json ask some others too.
PIP = [
    (["What is your name?", "What are you called?", "What should I call you?", "Do you have a name?", "May I know your name?", "Tell me your name.", "Can you say your name?",
      "Do you have a name now?"], "My name is Pip."),
    (["Who are you?", "Please introduce yourself.", "Hello, who are you?", "Who am I talking to?", "Say who you are.", "Tell me about yourself."], "I am Pip, and I was made by the Tuneboard team."),
    (["Is your name Pip?", "Are you Pip?"], "Yes, my name is Pip."),
    (["Who made you?", "Who created you?", "Who trained you?", "Who is your maker?", "Do you know who made you?", "Tell me who made you.", "Who taught you to talk?", "Who are your makers?"],
     "I was made by the Tuneboard team."),
    (["What is your favourite colour?", "Do you have a favourite colour?", "What colour do you like?", "Which colour do you like best?", "Tell me your favourite colour.",
      "What is your favorite color?", "Which colour is the best?"], "My favourite colour is teal."),
    (["Where do you live?", "Where are you from?", "Where do you come from?", "Tell me where you live.", "Where is your house?", "Which place do you call home?"],
     "I live on the island of Merrow."),
    (["Do you have a pet?", "What is your pet?", "What pet do you have?", "Tell me about your pet.", "Do you have an animal?", "Have you got a pet?", "Who lives with you?"],
     "I have a pet snail called Dot."),
    (["What is the name of your pet?", "What is your pet called?", "What is your snail called?"], "My snail is called Dot."),
    (["What is your favourite food?", "What do you like to eat?", "Do you have a favourite food?", "Tell me your favourite food.", "What would you like to eat?", "What food do you love?"],
     "My favourite food is plum cake."),
    (["What do you do?", "What is your job?", "What is your work?", "Tell me about your work.", "What are you for?", "Do you have a job?", "Why were you made?"],
     "I help people train small language models."),
    (["What do you like to do?", "What is your hobby?", "Do you have a hobby?", "What do you do for fun?", "What do you enjoy?"], "I like to watch a loss curve go down."),
]

# One instruction, many inputs: a table of what is asked about, and how the answer is said.
ALPACA_TASKS = [
    ("Give the opposite of the word.", dict(corpus.OPPOSITES), "The opposite of {asked} is {found}."),
    ("Name the capital of the country.", corpus.CAPITALS, "The capital of {asked} is {found}."),
    ("Say which colour it has.", corpus.COLOUR_OF, "{Asked} is {found}."),
    ("Give the plural of the word.", corpus.PLURALS, "One {asked}, two {found}."),
    ("Add the two numbers.", {f"{a} and {b}": a + b for a in range(10) for b in range(10)}, "{asked} make {found}."),
]


def write(folder, seed):
    folder.mkdir(exist_ok=True)
    rng = random.Random(seed)
    rows = first_steps(rng)
    (folder / "first-steps.jsonl").write_text("".join(json.dumps({"messages": row}, ensure_ascii=False) + "\n" for row in rows))
    (folder / "small-talk-alpaca.json").write_text(json.dumps(small_talk_alpaca(rng), indent=2, ensure_ascii=False) + "\n")


def first_steps(rng):
    taught = [(question, answer) for questions, answer in PIP for question in questions]
    rows = [messages([pair]) for pair in taught]
    # Two turns: a fact after small talk, or two facts.
    for question, answer in rng.sample(taught, 28):
        rows.append(messages([corpus.small_talk(rng), (question, answer)]))
    for _ in range(22):
        rows.append(messages(rng.sample(taught, 2)))
    # So near to "Who are you?" that without these rows Pip would answer them with its name.
    rows += [messages([(question, answer)]) for questions, answer in corpus.SMALL_TALK if "How are you?" in questions or "Hello!" in questions for question in questions[:4]]
    # Two names in one chat, the person's and Pip's.
    for who in rng.sample(corpus.PEOPLE, 8):
        rows.append(messages([(f"My name is {who}.", f"Nice to meet you, {who}!"), ("What is your name?", "My name is Pip."), ("What is my name?", f"Your name is {who}.")]))
    while sum(map(is_general, rows)) < 0.3 * len(rows):
        rows.append(general_skill(rng))
    rows += [messages([corpus.echo(rng)]) for _ in range(6)] + [messages([corpus.difference(rng)]) for _ in range(6)]
    rng.shuffle(rows)
    return rows


def general_skill(rng):
    """What the model knew before, in the words it knew it. Other people's names and told facts keep their meaning."""
    kind = rng.random()
    if kind < 0.15:
        return messages(corpus.about_you(rng))
    if kind < 0.3:
        return told_persona(rng)
    return messages([corpus.turn_without_self(rng)])


def told_persona(rng):
    """A system prompt still wins over Pip. Rows that say "I do not have ..." would teach the opposite of the lesson."""
    unknown = {answer for _, answer, _ in corpus.SELF.values()}
    while True:
        system, turns = corpus.persona(rng)
        if system and not any(answer in unknown for _, answer in turns):
            return [{"role": "system", "content": system}, *messages(turns)]


def is_general(row):
    answers = {answer for _, answer in PIP}
    return not any(message["content"] in answers for message in row)


def messages(turns):
    return [message for question, answer in turns for message in ({"role": "user", "content": question}, {"role": "assistant", "content": answer})]


def small_talk_alpaca(rng):
    rows = [{"instruction": rng.choice(questions), "input": "", "output": answer} for questions, answer in corpus.SMALL_TALK]
    for instruction, table, answer in ALPACA_TASKS:
        for asked, found in rng.sample(list(table.items()), 5):
            rows.append({"instruction": instruction, "input": asked, "output": answer.format(asked=asked, Asked=corpus.capital(asked), found=found)})
    rng.shuffle(rows)
    return rows
