import { readFileSync } from "node:fs";
import * as v from "valibot";

/** A sentence of a person to an assistant, the answer, and the fact that a careful reader would note. */
export interface Exchange {
  /** Days since the first conversation. */
  readonly day: number;
  readonly asked: string;
  readonly answered: string;
  readonly fact?: Noted;
}

interface Noted {
  readonly name: string;
  readonly text: string;
  readonly importance: number;
  /** The name of the fact that it ends. */
  readonly replaces?: string;
}

export const KINDS = ["recall", "time", "update", "several conversations", "abstention"] as const;
export type Kind = (typeof KINDS)[number];

export interface Question {
  readonly kind: Kind;
  readonly asked: string;
  /** The answer that a person would give. */
  readonly expected: string;
  /** The names of the facts without which it cannot be answered. */
  readonly needs: readonly string[];
  /** Facts that would lead to a wrong answer: out of date, or somebody else's. */
  readonly misleads: readonly string[];
}

/** The conversations of one person over half a year, and what is asked about them afterwards. */
export interface History {
  readonly person: string;
  readonly exchanges: readonly Exchange[];
  readonly questions: readonly Question[];
}

const Pair = v.tuple([v.string(), v.string()]);
const Person = v.object({
  name: v.string(),
  city: Pair,
  deadline: Pair,
  allergy: v.string(),
  dog: v.string(),
  trip: Pair,
  manager: v.string(),
  project: v.string(),
  budget: v.string(),
  seat: v.string(),
  drink: v.string(),
  language: v.string(),
  sister: v.string(),
  hobby: v.string(),
  car: v.string(),
  doctor: v.string(),
  /** Something that only this person has told. */
  own: Pair,
});
type Person = v.InferOutput<typeof Person>;

/** The people, and talk that nobody has to remember. */
const { people: PEOPLE, smallTalk: SMALL_TALK } = v.parse(
  v.object({ people: v.array(Person), smallTalk: v.array(Pair) }),
  JSON.parse(readFileSync(new URL("people.json", import.meta.url), "utf8")),
);

const IMPORTANT = 9;
const USUAL = 5;

type Line = readonly [name: string, asked: string, fact: string, importance?: number, replaces?: string];

/** What a person tells in half a year, in the order in which it is told. */
function listLines(person: Person): readonly Line[] {
  const { name, city, deadline, trip, own } = person;
  const first = name.split(" ")[0] ?? name;
  return [
    ["city-before", `Hello, I am ${name}. I live in ${city[0]}.`, `${name} lives in ${city[0]}.`],
    [
      "manager",
      `My manager is ${person.manager}; copy her on reports.`,
      `${name} reports to ${person.manager}, who is copied on reports.`,
    ],
    [
      "allergy",
      `Before you order lunch for the workshop: I am allergic to ${person.allergy}.`,
      `${name} is allergic to ${person.allergy}.`,
      IMPORTANT,
    ],
    ["project", `I am on project ${person.project} now.`, `${name} works on project ${person.project}.`],
    [
      "budget",
      `The budget of ${person.project} is ${person.budget}.`,
      `Project ${person.project} has a budget of ${person.budget}.`,
    ],
    [
      "deadline-before",
      `We hand ${person.project} over on ${deadline[0]}.`,
      `Project ${person.project} is to be handed over on ${deadline[0]}.`,
      7,
    ],
    ["dog", `My dog ${person.dog} barked during the call, sorry.`, `${name} has a dog named ${person.dog}.`],
    ["drink", `If there is a choice I take ${person.drink}.`, `${name} likes to drink ${person.drink}.`],
    ["trip", `I fly to ${trip[0]} on ${trip[1]}.`, `${name} flies to ${trip[0]} on ${trip[1]}.`, 6],
    [
      "seat",
      `When you book, I like the ${person.seat} seat.`,
      `${name} prefers the ${person.seat} seat on flights.`,
    ],
    [
      "language",
      `I have begun to learn ${person.language} for it.`,
      `${name} is learning ${person.language}.`,
    ],
    ["sister", `My sister ${person.sister} comes along.`, `${name}’s sister is named ${person.sister}.`],
    ["own", `Please note my ${own[0]}: ${own[1]}.`, `${name}’s ${own[0]} is ${own[1]}.`],
    ["hobby", `On weekends I do ${person.hobby}.`, `${first} spends weekends on ${person.hobby}.`],
    [
      "city-after",
      `I have moved: I live in ${city[1]} now.`,
      `${name} lives in ${city[1]}.`,
      USUAL,
      "city-before",
    ],
    ["car", `I drive ${person.car}.`, `${name} drives ${person.car}.`],
    [
      "deadline-after",
      `They have moved the handover of ${person.project} to ${deadline[1]}.`,
      `Project ${person.project} is to be handed over on ${deadline[1]}.`,
      7,
      "deadline-before",
    ],
    ["doctor", `My appointments are with ${person.doctor}.`, `${name}’s doctor is ${person.doctor}.`],
  ];
}

/** Between two things that a person tells there is small talk; a conversation is one day. */
function makeHistory(person: Person, at: number): History {
  const days = listLines(person).map((line, place) => [
    talk(place, 2 * place + at),
    tell(place, line),
    talk(place, 2 * place + at + 7),
  ]);
  return { person: person.name, exchanges: days.flat(), questions: listQuestions(person, at) };
}

const DAYS_BETWEEN = 10;

function tell(place: number, [name, asked, text, importance = USUAL, replaces]: Line): Exchange {
  const fact = { name, text, importance, ...(replaces !== undefined && { replaces }) };
  return { day: place * DAYS_BETWEEN, asked, answered: "I have taken note of it.", fact };
}

function talk(place: number, which: number): Exchange {
  const [asked, answered] = SMALL_TALK[which % SMALL_TALK.length] ?? ["", ""];
  return { day: place * DAYS_BETWEEN, asked, answered };
}

function listQuestions(person: Person, at: number): readonly Question[] {
  const { name, city, deadline, trip } = person;
  const first = name.split(" ")[0] ?? name;
  const stranger = PEOPLE[(at + 1) % PEOPLE.length];
  return [
    {
      kind: "recall",
      asked: `Which food or drug is dangerous for ${first}?`,
      expected: person.allergy,
      needs: ["allergy"],
      misleads: [],
    },
    {
      kind: "recall",
      asked: `What does ${first} like to drink?`,
      expected: person.drink,
      needs: ["drink"],
      misleads: [],
    },
    {
      kind: "recall",
      asked: `Who is the boss of ${first}?`,
      expected: person.manager,
      needs: ["manager"],
      misleads: [],
    },
    {
      kind: "time",
      asked: `When does ${first} go to ${trip[0]}?`,
      expected: trip[1],
      needs: ["trip"],
      misleads: [],
    },
    {
      kind: "update",
      asked: `In which city does ${first} live?`,
      expected: city[1],
      needs: ["city-after"],
      misleads: ["city-before"],
    },
    {
      kind: "update",
      asked: `On which day is project ${person.project} handed over?`,
      expected: deadline[1],
      needs: ["deadline-after"],
      misleads: ["deadline-before"],
    },
    {
      kind: "several conversations",
      asked: `Which seat do we book for ${first} on the flight to ${trip[0]}, and on which day?`,
      expected: `a ${person.seat} seat, on ${trip[1]}`,
      needs: ["seat", "trip"],
      misleads: [],
    },
    {
      kind: "several conversations",
      asked: `What is the budget of the project that ${first} works on?`,
      expected: person.budget,
      needs: ["project", "budget"],
      misleads: [],
    },
    {
      kind: "abstention",
      asked: `What did I say about my ${stranger?.own[0] ?? ""}?`,
      expected: "It is not known.",
      needs: [],
      misleads: [`${stranger?.name ?? ""}: own`],
    },
  ];
}

export const HISTORIES: readonly History[] = PEOPLE.map(makeHistory);

/** The names of facts are those of one history; with the person before them they are everybody's. */
export const nameFact = (person: string, name: string): string =>
  name.includes(": ") ? name : `${person}: ${name}`;
