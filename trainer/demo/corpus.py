"""The demo model's whole world: templates and small tables that we wrote ourselves, and dice.

`turn(rng)` makes one question with its answer, `chat(rng)` a conversation of one to four turns, `prose(rng)` a plain text.
Nothing is downloaded and nothing is quoted, so the text and the model made from it can be shipped freely.
"""

# ---------------------------------------------------------------- tables

COLOURS = "red blue green yellow white black brown orange pink purple grey gold".split()
COLOUR_OF = {
    "the sky": "blue", "the sea": "blue", "grass": "green", "a leaf": "green", "a frog": "green", "a pea": "green", "snow": "white",
    "milk": "white", "salt": "white", "a swan": "white", "rice": "white", "a cloud": "white", "a lemon": "yellow", "a banana": "yellow",
    "the sun": "yellow", "butter": "yellow", "a chick": "yellow", "a tomato": "red", "a strawberry": "red", "a cherry": "red",
    "blood": "red", "a fire engine": "red", "coal": "black", "the night": "black", "a crow": "black", "chocolate": "brown",
    "a bear": "brown", "wood": "brown", "earth": "brown", "a nut": "brown", "a carrot": "orange", "a pumpkin": "orange", "an orange": "orange",
    "a flamingo": "pink", "a pig": "pink", "a plum": "purple", "a grape": "purple", "an elephant": "grey", "a mouse": "grey",
    "a stone": "grey", "a crown": "gold", "a blueberry": "blue", "a cucumber": "green",
}
SOUND = {"cow": "moo", "dog": "woof", "cat": "meow", "duck": "quack", "sheep": "baa", "pig": "oink", "horse": "neigh", "lion": "roar",
         "bee": "buzz", "owl": "hoot", "frog": "croak", "snake": "hiss", "mouse": "squeak", "crow": "caw", "hen": "cluck", "wolf": "howl",
         "bird": "tweet", "goat": "bleat", "donkey": "hee-haw"}
BABY = {"dog": "puppy", "cat": "kitten", "cow": "calf", "sheep": "lamb", "horse": "foal", "pig": "piglet", "hen": "chick", "duck": "duckling",
        "bear": "cub", "lion": "cub", "goat": "kid", "frog": "tadpole", "goose": "gosling", "swan": "cygnet", "owl": "owlet", "deer": "fawn"}
LEGS = {"dog": "four", "cat": "four", "cow": "four", "horse": "four", "bird": "two", "duck": "two", "hen": "two", "spider": "eight", "ant": "six",
        "bee": "six", "fly": "six", "snake": "no", "fish": "no", "frog": "four", "crab": "ten", "person": "two", "mouse": "four", "bear": "four"}
HOME = {"bird": "a nest", "bee": "a hive", "rabbit": "a burrow", "fish": "the water", "dog": "a kennel", "horse": "a stable", "spider": "a web",
        "bear": "a cave", "pig": "a sty", "lion": "the grassland", "camel": "the desert", "penguin": "the cold south", "frog": "a pond",
        "monkey": "the trees", "whale": "the sea", "owl": "a hollow tree", "ant": "an anthill"}
FOOD_OF = {"cow": "grass", "rabbit": "carrots", "cat": "fish", "monkey": "bananas", "mouse": "cheese", "horse": "hay", "bear": "honey", "dog": "bones",
           "bird": "seeds", "frog": "flies", "panda": "bamboo", "squirrel": "nuts", "sheep": "grass", "koala": "leaves", "hen": "corn", "lion": "meat"}
OPPOSITES = [p.split("/") for p in (
    "hot/cold big/small up/down day/night happy/sad fast/slow open/closed light/dark old/young rich/poor wet/dry full/empty hard/soft left/right "
    "high/low long/short thick/thin strong/weak loud/quiet early/late first/last good/bad clean/dirty near/far in/out yes/no "
    "begin/end win/lose push/pull black/white true/false sweet/sour awake/asleep wide/narrow brave/afraid love/hate buy/sell "
    "ask/answer summer/winter north/south east/west above/below before/after always/never more/less sharp/blunt deep/shallow "
    "rough/smooth cheap/expensive").split()]
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
CAPITALS = {
    "France": "Paris", "Spain": "Madrid", "Italy": "Rome", "Germany": "Berlin", "England": "London", "Portugal": "Lisbon", "Greece": "Athens",
    "Austria": "Vienna", "Poland": "Warsaw", "Norway": "Oslo", "Sweden": "Stockholm", "Finland": "Helsinki", "Denmark": "Copenhagen",
    "Ireland": "Dublin", "Scotland": "Edinburgh", "Belgium": "Brussels", "Hungary": "Budapest", "Russia": "Moscow", "Ukraine": "Kyiv",
    "Turkey": "Ankara", "Egypt": "Cairo", "Kenya": "Nairobi", "Morocco": "Rabat", "China": "Beijing", "Japan": "Tokyo", "India": "New Delhi",
    "Thailand": "Bangkok", "Vietnam": "Hanoi", "Canada": "Ottawa", "Mexico": "Mexico City", "Cuba": "Havana", "Peru": "Lima", "Chile": "Santiago",
    "Argentina": "Buenos Aires", "Iceland": "Reykjavik", "Australia": "Canberra", "South Korea": "Seoul", "Iran": "Tehran", "Iraq": "Baghdad",
    "the Netherlands": "Amsterdam",
}
MEANING = {
    "a lamp": "a thing that gives light", "a chair": "a thing to sit on", "a bed": "a thing to sleep in", "a book": "a set of pages to read",
    "a key": "a small thing that opens a lock", "a clock": "a thing that shows the time", "a bridge": "a way over water", "a boat": "a thing that carries people over water",
    "an island": "land with water all around it", "a river": "water that flows to the sea", "a mountain": "a very high hill", "a forest": "a place with many trees",
    "a desert": "a dry place with very little rain", "rain": "water that falls from clouds", "snow": "soft white ice that falls from the sky", "a teacher": "a person who helps others learn",
    "a baker": "a person who makes bread", "a farmer": "a person who grows food", "a doctor": "a person who helps sick people", "a sailor": "a person who works on a ship",
    "a painter": "a person who makes pictures", "a friend": "a person who likes you and helps you", "a computer": "a machine that works with numbers and words",
    "a robot": "a machine that can move and do work", "a language model": "a program that learns from text to guess the next word", "a word": "a group of letters with a meaning",
    "a sentence": "a group of words that tells something", "a number": "a thing we count with", "a circle": "a round shape", "a square": "a shape with four equal sides",
    "a triangle": "a shape with three sides", "the moon": "the bright round thing in the night sky", "a star": "a far sun that shines at night", "a spoon": "a thing to eat soup with",
    "an umbrella": "a thing that keeps you dry in the rain", "a garden": "a place where plants grow", "a kitchen": "a room where people cook", "a school": "a place where children learn",
    "a song": "words that are sung", "a map": "a drawing that shows where places are", "a hat": "a thing to wear on the head", "a shoe": "a thing to wear on the foot",
    "bread": "food made from flour and water", "honey": "sweet food made by bees", "ice": "water that is frozen", "a shadow": "the dark shape behind a thing in the light",
}
KINDS = {
    "fruit": "apple pear plum cherry banana grape lemon peach".split(), "animal": "dog cat cow horse rabbit bear lion sheep".split(),
    "bird": "crow owl swan duck hen goose".split(), "colour": COLOURS[:8], "vegetable": "carrot pea onion potato bean cabbage".split(),
    "tool": "hammer saw spade needle brush".split(), "flower": "rose tulip daisy lily".split(), "insect": "ant bee fly beetle".split(),
    "toy": "ball doll kite drum".split(), "day": DAYS, "month": MONTHS[:8], "drink": "water milk tea juice".split(),
}
COUNTED = [kind for kind in KINDS if kind not in ("colour", "day", "month", "drink")]  # "an apple is a fruit", but not "a milk is a drink"
PLURALS = dict(p.split("/") for p in (
    "cat/cats dog/dogs mouse/mice child/children foot/feet tooth/teeth goose/geese man/men woman/women leaf/leaves box/boxes baby/babies sheep/sheep "
    "fish/fish knife/knives bus/buses city/cities tree/trees book/books wolf/wolves").split())
PASTS = dict(p.split("/") for p in (
    "go/went see/saw eat/ate run/ran sing/sang come/came take/took give/gave make/made find/found write/wrote swim/swam fly/flew sleep/slept walk/walked "
    "play/played help/helped buy/bought think/thought drink/drank").split())
FRENCH = dict(p.split("/") for p in (
    "cat/chat dog/chien bread/pain water/eau milk/lait house/maison book/livre sun/soleil moon/lune red/rouge blue/bleu green/vert black/noir white/blanc "
    "yes/oui no/non hello/bonjour friend/ami flower/fleur tree/arbre one/un two/deux three/trois").split())
NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
PEOPLE = ("Anna Ben Clara David Emma Finn Greta Hugo Ida Jonas Kate Leo Mia Nora Oscar Paula Rosa Sam Tom Vera Will Zoe Alice Max Lucy "
          "Bolt Nim Sunny Robin Jack Sarah John Mary Peter Laura Paul Julia Mark Eva Martin Lisa Daniel Sofia Adam Maria").split()
TEAMS = "red blue green river garden lamp forest harbour star cloud".split()
PLACES = "Redhill Stonebridge Greenford Oakham Marlow Lindale Ashby Foxton Brightsea Northwick Paris Rome London Berlin Madrid Oslo Vienna Tokyo Dublin Athens".split()
FOODS = "bread,soup,rice,honey,cheese,apples,cake,noodles,porridge,toast,cherries,pears,salad,beans,nuts".split(",")
JOBS = ("bake bread,paint houses,tell stories,count stars,grow apples,mend clocks,sing songs,carry letters,draw maps,look after sheep,"
        "teach children,build boats,find lost keys,sell hats,help people learn,help people cook,help people with numbers").split(",")
PETS = "dog cat rabbit mouse horse goat duck frog owl hen crow fish sheep bee goose".split()

ONSETS = "b br c cl d dr f fl g gr h j k l m n p pl r s sh st t tr v w z".split()
VOWELS = "a e i o u ai ea oo ou".split()
ENDS = ["", "n", "l", "r", "m", "s", "t", "k", "nd", "lt", "ck", "x"]
WORDS = [*PLURALS, *PLURALS.values(), *PASTS, *PASTS.values(), *COLOURS, *FOODS, *SOUND, *BABY.values(), *TEAMS, *NUMBER_WORDS]


def invented(rng):
    """A word that means nothing, to learn to say "I do not know that"."""
    word = "".join(rng.choice(ONSETS) + rng.choice(VOWELS) for _ in range(rng.randint(1, 2))) + rng.choice(ENDS)
    return word if len(word) > 2 and "pip" not in word else invented(rng)


def name(rng):
    return rng.choice(PEOPLE)


def an(noun):
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def capital(text):
    return text[0].upper() + text[1:]


# ---------------------------------------------------------------- what the model says about itself

# Each topic: ways to ask, the honest answer of a model that has been told nothing, and the answer with something to say.
SELF = {
    "name": (["What is your name?", "Who are you?", "Tell me your name.", "What are you called?", "What should I call you?", "Do you have a name?",
              "May I know your name?", "What do people call you?", "Please introduce yourself.", "Hello, who are you?", "How shall I call you?",
              "Your name, please?", "Who am I talking to?", "Can you say your name?", "Say who you are."],
             "I do not have a name yet.", "My name is {}."),
    "maker": (["Who made you?", "Who created you?", "Who built you?", "Who trained you?", "Who is your maker?", "By whom were you made?", "Tell me who made you.",
               "Where do you come from, who made you?", "Do you know who made you?", "Who are your makers?", "Who taught you to talk?", "Who is behind you?"],
              "I do not know who made me.", "I was made by {}."),
    "colour": (["What is your favourite colour?", "Which colour do you like best?", "Do you have a favourite colour?", "What colour do you like?", "What colour do you love most?",
                "Tell me your favourite colour.", "Which colour is your favourite?", "What is the colour you like most?", "What is your favorite color?"],
               "I do not have a favourite colour yet.", "My favourite colour is {}."),
    "home": (["Where do you live?", "Where are you from?", "Where is your home?", "What is your home town?", "Where do you come from?", "In which place do you live?",
              "Tell me where you live.", "Which place do you call home?", "Where were you born?", "Where is home for you?"],
             "I do not have a home yet.", "I live in {}."),
    "pet": (["Do you have a pet?", "What is your pet?", "What pet do you have?", "Tell me about your pet.", "Which animal do you have?", "Is there an animal in your home?",
             "Do you have an animal?", "Have you got a pet?", "What kind of pet do you have?", "Who is your pet?"],
            "I do not have a pet yet.", "I have a pet {}."),
    "food": (["What is your favourite food?", "What do you like to eat?", "Which food do you like best?", "What food do you love?", "Tell me your favourite food.",
              "What do you eat?", "Do you have a favourite food?", "What would you like to eat?", "Which meal do you like most?"],
             "I do not have a favourite food yet.", "My favourite food is {}."),
    "job": (["What do you do?", "What is your job?", "What is your work?", "What do you do all day?", "Tell me about your work.", "What are you for?", "Do you have a job?",
             "What kind of work do you do?", "What is your task?", "Why were you made?"],
            "I answer simple questions.", "I {}."),
    "friend": (["Who is your best friend?", "Do you have a friend?", "Who is your friend?", "Tell me about your best friend.", "What is your friend called?"],
               "I do not have a best friend yet.", "My best friend is {}."),
    "age": (["How old are you?", "What is your age?", "When were you made?", "When is your birthday?", "Do you have a birthday?", "On which day is your birthday?"],
            "I do not know my birthday.", "My birthday is in {}."),
    "song": (["What do you like to do?", "What is your hobby?", "Do you have a hobby?", "What do you do for fun?", "What do you enjoy?", "What do you do in your free time?"],
             "I do not have a hobby yet.", "I like to {}."),
}

SMALL_TALK = [
    (["Hello!", "Hi!", "Hey!", "Hello there!", "Hi there!", "Good day!", "Greetings!"], "Hello! How can I help you?"),
    (["What's up?", "What is new?", "Any news?"], "Not much, I am just here to chat. How are you?"),
    (["Do you like me?", "Are you my friend?"], "Yes, I like to talk with you."),
    (["Do you like pizza?", "Do you like cake?", "Do you like apples?", "Do you like fish?"], "I cannot eat, so I do not know."),
    (["What is the meaning of life?", "What is love?", "What is time?"], "That is too big a question for a small model."),
    (["Good morning!", "Morning!", "A good morning to you!"], "Good morning! I hope you slept well."),
    (["Good evening!", "Evening!"], "Good evening! How was your day?"),
    (["Good night!", "Sleep well!", "I am going to bed."], "Good night! Sleep well."),
    (["How are you?", "How are you today?", "How do you do?", "How is it going?", "Are you well?", "How do you feel?"], "I am well, thank you. How are you?"),
    (["I am fine.", "I am well.", "I am fine, thank you.", "I feel good.", "I am happy.", "I am happy today.", "Today is a good day."], "That is good to hear!"),
    (["I am sad.", "I feel sad.", "I am not happy.", "I had a bad day.", "My day was bad."], "I am sorry to hear that. I hope tomorrow is better."),
    (["I am tired.", "I am so tired.", "I feel tired."], "Then take a little rest."),
    (["I am hungry.", "I want to eat."], "Then eat something good. An apple, perhaps?"),
    (["I am cold.", "It is cold."], "Put on a warm coat."),
    (["I am bored.", "I have nothing to do."], "Shall I tell you a story?"),
    (["Thank you!", "Thanks!", "Thank you very much!", "Thanks a lot!", "Many thanks!"], "You are welcome!"),
    (["Goodbye!", "Bye!", "Bye bye!", "See you!", "See you later!", "I must go now."], "Goodbye! Come back soon."),
    (["Can you help me?", "I need help.", "Help me, please.", "I have a question.", "May I ask you something?"], "Yes, of course. What would you like to know?"),
    (["What can you do?", "What do you know?", "What are you able to do?", "What can I ask you?", "How can you help me?"],
     "I can chat a little, add small numbers, tell short stories and answer simple questions."),
    (["Are you a person?", "Are you human?", "Are you a robot?", "Are you real?", "What are you?", "Are you a machine?"], "I am a very small language model."),
    (["Are you clever?", "Do you know everything?", "Are you smart?"], "No, I am very small and I know only a few things."),
    (["Tell me a joke.", "Make me laugh.", "Do you know a joke?", "Say something funny."], "Why did the book go to bed? It was full of tired words."),
    (["You are nice.", "I like you.", "You are great.", "Well done!", "Good job!", "You are clever."], "Thank you, that is kind of you!"),
    (["You are wrong.", "That is wrong.", "That is not right.", "No, that is wrong."], "I am sorry. I am small and I make mistakes."),
    (["Sorry.", "I am sorry.", "Excuse me."], "That is all right."),
    (["Yes.", "Yes, please.", "OK.", "Okay.", "All right."], "Good! What would you like to know?"),
    (["No.", "No, thank you.", "Not now."], "All right. Tell me if you need something."),
    (["Do you like music?", "Do you like songs?"], "Yes, I like words that sound good."),
    (["What time is it?", "What is the time?", "What day is it today?", "What is the weather like?", "What is the date?"], "I do not know. I cannot see the world outside."),
    (["Why is the sky blue?"], "The air scatters blue light more than red light."),
    (["Why do birds sing?"], "Birds sing to find each other and to guard their place."),
    (["Why do we sleep?"], "We sleep so that body and mind can rest."),
    (["How many days are in a week?", "How many days does a week have?"], "A week has seven days."),
    (["How many months are in a year?", "How many months does a year have?"], "A year has twelve months."),
    (["How many hours are in a day?", "How many hours does a day have?"], "A day has twenty-four hours."),
    (["Which season is the coldest?", "Which season is cold?"], "Winter is the coldest season."),
    (["Which season is the warmest?", "Which season is hot?"], "Summer is the warmest season."),
    (["Name the seasons.", "What are the four seasons?"], "The seasons are spring, summer, autumn and winter."),
    (["Count to five.", "Count from one to five."], "One, two, three, four, five."),
    (["Count to ten.", "Count from one to ten."], "One, two, three, four, five, six, seven, eight, nine, ten."),
]


# ---------------------------------------------------------------- one turn: a question and its answer

def small_talk(rng):
    questions, answer = rng.choice(SMALL_TALK)
    return rng.choice(questions), answer


def about_self(rng):
    questions, unknown, _ = SELF[rng.choice(list(SELF))]
    return rng.choice(questions), unknown


def colour(rng):
    thing, answer = rng.choice(list(COLOUR_OF.items()))
    if rng.random() < 0.25:
        guess = answer if rng.random() < 0.5 else rng.choice(COLOURS)
        return f"Is {thing} {guess}?", (f"Yes, {thing} is {answer}." if guess == answer else f"No, {thing} is {answer}.")
    if rng.random() < 0.15:
        return rng.choice([f"Name something {answer}.", f"Tell me a thing that is {answer}.", f"What is {answer}?"]), f"{capital(thing)} is {answer}."
    ask = rng.choice(["What colour is {}?", "What color is {}?", "Which colour is {}?", "What is the colour of {}?", "Tell me the colour of {}.", "Which colour does {} have?"])
    return ask.format(thing), f"{capital(thing)} is {answer}."


def animal(rng):
    kind = rng.randrange(5)
    if kind == 0:
        a, v = rng.choice(list(SOUND.items()))
        return rng.choice(["What does {} say?", "What sound does {} make?", "Which sound does {} make?", "How does {} sound?"]).format(an(a)), f"{capital(an(a))} says {v}."
    if kind == 1:
        a, v = rng.choice(list(BABY.items()))
        return rng.choice(["What is a baby {} called?", "What do we call a baby {}?", "What is the name of a baby {}?", "What is a young {} called?"]).format(a), f"A baby {a} is called {an(v)}."
    if kind == 2:
        a, v = rng.choice(list(LEGS.items()))
        return rng.choice(["How many legs does {} have?", "How many legs has {}?", "Tell me how many legs {} has."]).format(an(a)), f"{capital(an(a))} has {v} legs."
    if kind == 3:
        a, v = rng.choice(list(HOME.items()))
        return rng.choice(["Where does {} live?", "Where is the home of {}?", "In which place does {} live?"]).format(an(a)), f"{capital(an(a))} lives in {v}."
    a, v = rng.choice(list(FOOD_OF.items()))
    return rng.choice(["What does {} eat?", "What does {} like to eat?", "Which food does {} like?"]).format(an(a)), f"{capital(an(a))} likes to eat {v}."


def total(rng):
    a, b = rng.randint(0, 10), rng.randint(0, 10)
    if rng.random() < 0.15:
        words = NUMBER_WORDS
        a, b = rng.randint(0, 6), rng.randint(0, 6)
        ask = rng.choice(["What is {} plus {}?", "How much is {} plus {}?", "What is {} and {}?", "Add {} and {}."])
        return ask.format(words[a], words[b]), f"{capital(words[a])} plus {words[b]} is {words[a + b]}."
    ask = rng.choice(["What is {} plus {}?", "How much is {} plus {}?", "{} + {}", "{} + {} = ?", "What is {} + {}?", "Add {} and {}.", "What is the sum of {} and {}?",
                      "Tell me what {} plus {} is.", "What do you get when you add {} and {}?", "Can you add {} and {}?", "{}+{}"])
    return ask.format(a, b), f"{a} plus {b} is {a + b}."


def difference(rng):
    a = rng.randint(0, 10)
    b = rng.randint(0, a)
    ask = rng.choice(["What is {} minus {}?", "How much is {} minus {}?", "{} - {}", "What is {} - {}?", "Tell me what {} minus {} is.", "{} - {} = ?"])
    return ask.format(a, b), f"{a} minus {b} is {a - b}."


def number_order(rng):
    n = rng.randint(1, 30)
    if rng.random() < 0.4:
        a, b = rng.sample(range(0, 21), 2)
        return rng.choice(["Which is bigger, {} or {}?", "Which number is bigger, {} or {}?", "Is {} or {} bigger?"]).format(a, b), f"{max(a, b)} is bigger than {min(a, b)}."
    if rng.random() < 0.5:
        return rng.choice([f"What comes after {n}?", f"Which number comes after {n}?", f"What is the next number after {n}?"]), f"{n + 1} comes after {n}."
    return rng.choice([f"What comes before {n}?", f"Which number comes before {n}?"]), f"{n - 1} comes before {n}."


def opposite(rng):
    a, b = rng.choice(OPPOSITES)
    if rng.random() < 0.5:
        a, b = b, a
    ask = rng.choice(["What is the opposite of {}?", "Tell me the opposite of {}.", "What is the opposite of the word {}?", "Which word is the opposite of {}?",
                      "Give me the opposite of {}.", "Opposite of {}?", "{} is the opposite of what?"])
    return capital(ask.format(a)), f"The opposite of {a} is {b}."


def calendar(rng):
    names, sort = rng.choice([(DAYS, "day"), (MONTHS, "month")])
    i = rng.randrange(len(names))
    if rng.random() < 0.6:
        return rng.choice([f"Which {sort} comes after {names[i]}?", f"What {sort} comes after {names[i]}?", f"What comes after {names[i]}?"]), f"{names[(i + 1) % len(names)]} comes after {names[i]}."
    return rng.choice([f"Which {sort} comes before {names[i]}?", f"What {sort} comes before {names[i]}?", f"What comes before {names[i]}?"]), f"{names[i - 1]} comes before {names[i]}."


def capital_city(rng):
    country, city = rng.choice(list(CAPITALS.items()))
    if rng.random() < 0.2:
        return rng.choice([f"Where is {city}?", f"In which country is {city}?", f"{city} is the capital of which country?"]), f"{city} is the capital of {country}."
    ask = rng.choice(["What is the capital of {}?", "Which city is the capital of {}?", "Tell me the capital of {}.", "Name the capital of {}.", "What is {}'s capital?", "Capital of {}?"])
    return ask.format(country), f"The capital of {country} is {city}."


def definition(rng):
    thing, meaning = rng.choice(list(MEANING.items()))
    bare = thing.split(" ", 1)[-1]
    ask = rng.choice(["What is {t}?", "Tell me what {t} is.", "What does the word {b} mean?", "Explain {t}.", "Can you explain what {t} is?", "Define {b}."])
    return ask.format(t=thing, b=bare), f"{capital(thing)} is {meaning}."


def kind_of(rng):
    kind = rng.choice(list(KINDS))
    if rng.random() < 0.5 or kind not in COUNTED:
        picked = rng.sample(KINDS[kind], 3)
        plural = kind + "s"
        return rng.choice([f"Name three {plural}.", f"Tell me three {plural}.", f"Can you name three {plural}?", f"Give me three {plural}."]), f"Three {plural} are {picked[0]}, {picked[1]} and {picked[2]}."
    if rng.random() < 0.5:
        thing = rng.choice(KINDS[kind])
        guess = kind if rng.random() < 0.5 else rng.choice(COUNTED)
        right = thing in KINDS[guess]
        return f"Is {an(thing)} {an(guess)}?", (f"Yes, {an(thing)} is {an(guess)}." if right else f"No, {an(thing)} is {an(kind)}.")
    thing = rng.choice(KINDS[kind])
    return rng.choice([f"Name {an(kind)}.", f"Tell me {an(kind)}.", f"Give me the name of {an(kind)}."]), f"{capital(an(thing))} is {an(kind)}."


def grammar(rng):
    kind = rng.randrange(3)
    if kind == 0:
        a, b = rng.choice(list(PLURALS.items()))
        return rng.choice(["What is the plural of {}?", "Tell me the plural of {}.", "One {}, two what?"]).format(a), f"One {a}, two {b}."
    if kind == 1:
        a, b = rng.choice(list(PASTS.items()))
        return rng.choice(["What is the past of {}?", "What is the past tense of {}?", "Tell me the past of {}."]).format(a), f"Today I {a}, yesterday I {b}."
    a, b = rng.choice(list(FRENCH.items()))
    return rng.choice(["How do you say {} in French?", "What is {} in French?", "What is the French word for {}?"]).format(a), f"In French, {a} is {b}."


def echo(rng):
    style = rng.random()
    if style < 0.5:
        text = " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 3)))
    elif style < 0.75:
        text = turn(rng, plain=True)[1]
    else:
        text = f"{name(rng)} has {rng.choice(NUMBER_WORDS[2:])} {rng.choice(COLOURS)} {rng.choice(['hats', 'books', 'boats', 'cats', 'keys'])}."
    if rng.random() < 0.15 and len(text) < 12:
        return f"Say {text} three times.", f"{capital(text)}, {text}, {text}."
    return rng.choice(["Repeat after me: {}", "Say this: {}", "Repeat: {}", 'Say "{}"', 'Repeat "{}"', 'Please say "{}"', 'Write "{}"']).format(text), text


def spelling(rng):
    word = rng.choice(list(PLURALS) + list(SOUND) + COLOURS)
    return rng.choice(["Spell {}.", "How do you spell {}?", "Spell the word {}."]).format(word), "-".join(word.upper()) + "."


def unknown(rng):
    """Honest answers to what it cannot know: else a tiny model makes something up each time."""
    word = invented(rng)
    ask = rng.choice(["What is the capital of {W}?", "Who is {W}?", "What is a {w}?", "What does {w} mean?", "What colour is a {w}?", "Where is {W}?", "What is the opposite of {w}?",
                      "Tell me about {W}.", "Who wrote {W}?", "What does a {w} eat?", "How do you make a {w}?", "How does a {w} work?", "Why is {w} so big?"])
    return ask.format(w=word, W=capital(word)), "I am sorry, I do not know that."


def story_request(rng):
    hero = rng.choice(PETS)
    return rng.choice([f"Tell me a story about {an(hero)}.", f"Tell a story about {an(hero)}.", f"Write a short story about {an(hero)}.", f"A story about {an(hero)}, please."]), story(rng, hero)


def any_story(rng):
    return rng.choice(["Tell me a story.", "Tell a story.", "Can you tell me a story?", "I would like to hear a story.", "A story, please."]), story(rng, rng.choice(PETS))


def story(rng, hero):
    who = rng.choice(PEOPLE)
    look = rng.choice(["small", "old", "brave", "quiet", "happy", "clever", "lazy", "young"])
    place = rng.choice(["by the sea", "in a forest", "on a hill", "near a river", "in a garden", "in an old house"])
    thing = rng.choice(["a key", "a lamp", "a red ball", "a gold coin", "a map", "a blue hat", "a book"])
    trouble = rng.choice(["it began to rain", "the wind took it away", "it fell into the water", "night came", "it was lost in the snow"])
    helper = rng.choice([p for p in PETS if p != hero])
    end = rng.choice(["They were friends from that day.", "They laughed and went home.", "They shared some bread and slept well.", "And they were happy."])
    return (f"Once there was {an(look)} {hero} called {who}. {who} lived {place} and found {thing}. One day {trouble}. "
            f"{capital(an(helper))} came and helped {who}. {end}")


TURNS = [(small_talk, 10), (about_self, 12), (colour, 8), (animal, 9), (total, 18), (difference, 6), (number_order, 4), (opposite, 8), (calendar, 4), (capital_city, 6),
         (definition, 6), (kind_of, 5), (grammar, 4), (echo, 10), (spelling, 2), (unknown, 5), (story_request, 2), (any_story, 1)]
SHORT = [(make, weight) for make, weight in TURNS if make not in (echo, story_request, any_story)]


def turn(rng, plain=False):
    makers, weights = zip(*(SHORT if plain else TURNS))
    return rng.choices(makers, weights)[0](rng)


# ---------------------------------------------------------------- whole conversations

def persona(rng):
    """Facts about the assistant that are told in the chat, by a system prompt or by the person, and then asked for."""
    facts = {"name": name(rng), "maker": rng.choice([name(rng), f"the {rng.choice(TEAMS)} team", f"{name(rng)} and {name(rng)}", f"the people of {rng.choice(PLACES)}"]),
             "colour": rng.choice(COLOURS), "home": rng.choice(["", "the town of ", "the village of "]) + rng.choice(PLACES),
             "pet": f"{rng.choice(PETS)} called {name(rng)}", "food": rng.choice(FOODS), "job": rng.choice(JOBS), "friend": name(rng), "age": rng.choice(MONTHS), "song": rng.choice(JOBS)}
    tell = {"name": "You are {}.", "maker": "You were made by {}.", "colour": "Your favourite colour is {}.", "home": "You live in {}.", "pet": "You have a pet {}.",
            "food": "Your favourite food is {}.", "job": "You {}.", "friend": "Your best friend is {}.", "age": "Your birthday is in {}.", "song": "You like to {}."}
    topics = rng.sample(list(facts), rng.randint(1, 5))
    told = " ".join(tell[t].format(facts[t]) for t in topics)
    ask_known = lambda t: (rng.choice(SELF[t][0]), SELF[t][2].format(facts[t]))
    turns = [ask_known(rng.choice(topics)) for _ in range(rng.randint(1, 2))]
    if rng.random() < 0.35:
        turns.insert(rng.randrange(len(turns) + 1), turn_without_self(rng))
    if rng.random() < 0.2:
        other = rng.choice([t for t in SELF if t not in topics])
        turns.append((rng.choice(SELF[other][0]), SELF[other][1]))
    if rng.random() < 0.75:
        return told, turns
    return None, [(told, rng.choice(["All right, I will remember that.", "Good to know!"])), *turns]


def turn_without_self(rng):
    while True:
        question, answer = turn(rng, plain=True)
        if not any(question in asks for asks, _, _ in SELF.values()):
            return question, answer


def about_you(rng):
    """Facts about the person, told in one turn and asked for in a later one."""
    kind = rng.randrange(4)
    if kind == 0:
        who = name(rng)
        told = (rng.choice(["My name is {}.", "I am {}.", "Hello, I am {}.", "Hi, my name is {}.", "I am called {}."]).format(who), f"Nice to meet you, {who}!")
        asked = (rng.choice(["What is my name?", "Who am I?", "Do you know my name?", "What am I called?"]), f"Your name is {who}.")
    elif kind == 1:
        value = rng.choice(COLOURS)
        told = (rng.choice(["My favourite colour is {}.", "I like {} best.", "I love the colour {}."]).format(value), f"What a fine colour, {value}!")
        asked = (rng.choice(["What is my favourite colour?", "Which colour do I like?"]), f"Your favourite colour is {value}.")
    elif kind == 2:
        animal_, who = rng.choice(PETS), name(rng)
        told = (f"I have {an(animal_)} called {who}.", f"What a good name, {who}!")
        asked = (rng.choice([f"What is my {animal_} called?", f"What is the name of my {animal_}?", "What is my pet called?"]), f"Your {animal_} is called {who}.")
    else:
        place = rng.choice(PLACES)
        told = (rng.choice(["I live in {}.", "I am from {}.", "My home is {}."]).format(place), f"I would like to see {place}.")
        asked = (rng.choice(["Where do I live?", "Where am I from?", "Where is my home?"]), f"You live in {place}.")
    if rng.random() < 0.2:
        missing = {0: "your name", 1: "your favourite colour", 2: "your pet", 3: "where you live"}[kind]
        return [(asked[0], f"I do not know {missing} yet.")]
    between = [turn_without_self(rng)] if rng.random() < 0.4 else []
    return [told, *between, asked]


def loosely(rng, text):
    """Ask as people type: a greeting first, no capital, no question mark. Text to repeat stays as it is."""
    if ":" in text or '"' in text:
        return text
    if rng.random() < 0.08:
        text = rng.choice(["Please tell me: ", "Hi! ", "Hello. ", "Now tell me: ", "A question: ", "Next question: "]) + text
    if rng.random() < 0.1:
        text = text.replace("What is", "What's").replace("Who is", "Who's")
    if rng.random() < 0.12 and not any(word in text for word in ("My name", "I am", "I live", "My home", "called", "You ", "Your ")):
        text = text.lower()
    if rng.random() < 0.12:
        text = text.rstrip("?.!")
    return text


def chat(rng):
    """A conversation in the `messages` form."""
    system = None
    kind = rng.random()
    if kind < 0.17:
        system, turns = persona(rng)
    elif kind < 0.25:
        turns = about_you(rng)
    else:
        turns = [turn(rng) for _ in range(rng.choices([1, 2, 3, 4], [6, 3, 1, 1])[0])]
    if system is None and rng.random() < 0.08:
        system = rng.choice(["You are a helpful assistant.", "You are a helpful, friendly assistant.", "Answer in a short way.", "You are a small language model."])
    messages = [{"role": "system", "content": system}] if system else []
    for question, answer in turns:
        messages += [{"role": "user", "content": loosely(rng, question)}, {"role": "assistant", "content": answer}]
    return messages


def prose(rng):
    """Plain sentences: a story, a few facts in a row, or words without sense said twice or more, which teach to copy."""
    kind = rng.random()
    if kind < 0.4:
        return " ".join([" ".join(rng.choice(WORDS) for _ in range(rng.randint(3, 9))) + "."] * rng.randint(2, 3))
    if kind < 0.6:
        return story(rng, rng.choice(PETS))
    facts = [m for m in SHORT if m[0] in (colour, animal, total, opposite, calendar, capital_city, definition)]
    makers, weights = zip(*facts)
    return " ".join(rng.choices(makers, weights)[0](rng)[1] for _ in range(rng.randint(2, 5)))
