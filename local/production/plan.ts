/** The environment of a start: what the operator has set. */
export type Given = Readonly<Record<string, string | undefined>>;

/** A service that the product needs: the operator's own when its variables are set, otherwise the one that comes along. */
interface Part {
  readonly name: string;
  /** All of them, or none. The first one says that it is meant to be the operator's own. */
  readonly variables: readonly string[];
  /** What the stand-in sets besides, and an own service does without, or in its own way. */
  readonly details?: readonly string[];
  /** The service that stands in, in local/service.ts. */
  readonly service: string;
  readonly standIn: string;
  /** What the stand-in needs: one of the variables, or else the reason why it cannot do without. */
  readonly needs?: { readonly oneOf: readonly string[]; readonly otherwise: string };
}

const PARTS: readonly Part[] = [
  {
    name: "database",
    variables: ["DATABASE_URL_UNPOOLED", "DATABASE_URL"],
    service: "neon",
    standIn: "your PostgreSQL, behind a door on 127.0.0.1 that speaks Neon's protocol",
    needs: {
      oneOf: ["DATABASE_URL", "CAIRN_POSTGRES_URL"],
      otherwise:
        "DATABASE_URL is not set: a PostgreSQL 16 or later, such as postgres://postgres:secret@127.0.0.1:5432/postgres, with a user who may make roles and databases",
    },
  },
  {
    name: "KV",
    variables: ["KV_REST_API_URL", "KV_REST_API_TOKEN"],
    service: "redis",
    standIn: "your Redis, behind a door on 127.0.0.1 that speaks Upstash's protocol",
    needs: {
      oneOf: ["REDIS_URL"],
      otherwise: "REDIS_URL is not set: a Redis 7 or later (or Valkey), such as redis://127.0.0.1:6379",
    },
  },
  {
    name: "queue",
    variables: ["QSTASH_TOKEN", "QSTASH_URL", "QSTASH_CURRENT_SIGNING_KEY", "QSTASH_NEXT_SIGNING_KEY"],
    service: "qstash",
    standIn: "the queue that comes along: one process on this machine, messages in a SQLite file",
  },
  {
    name: "vectors",
    variables: ["PINECONE_API_KEY"],
    details: ["PINECONE_CONTROLLER_HOST"],
    service: "pinecone",
    standIn: "the vector store that comes along: one process on this machine, PGlite with pgvector",
  },
  {
    name: "identity",
    variables: [
      "CLERK_SECRET_KEY",
      "CLERK_JWT_KEY",
      "CLERK_WEBHOOK_SIGNING_SECRET",
      "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
    ],
    details: ["CLERK_API_URL", "NEXT_PUBLIC_CLERK_PROXY_URL", "CLERK_JS_URL", "CLERK_UI_URL"],
    service: "identity",
    standIn: "sign-in by e-mail and password that comes along: who was invited may sign up, no mail is sent",
  },
];

const MODEL = ["LLM_BASE_URL", "LLM_API_KEY", "LLM_MODEL", "EMBEDDING_MODEL"];
/** What a deployment has once, made where the operator has set none. */
const SECRETS = ["SECRETS_KEY", "METRICS_TOKEN", "CRON_SECRET"];

export interface ProductionPlan {
  /** Services of local/service.ts to run. */
  readonly services: readonly string[];
  /** Variables that stay as the operator has set them. */
  readonly own: readonly string[];
  /** Which part is served by what, for people. */
  readonly told: readonly string[];
}
export type PlanOutcome =
  | { readonly ok: true; readonly plan: ProductionPlan }
  | { readonly ok: false; readonly problems: readonly string[] };

export interface Wishes {
  readonly offlineModel: boolean;
  /** Somebody can sign in already. */
  readonly hasPeople: boolean;
}

/** Decides what serves a production start, or what is missing for it, each with what to do. */
export function planProduction(given: Given, wishes: Wishes): PlanOutcome {
  const problems = [
    ...checkAddress(given["APP_URL"]),
    ...PARTS.flatMap((part) => checkPart(part, given)),
    ...checkModel(given, wishes.offlineModel),
    ...checkPerson(given, wishes.hasPeople),
    ...checkKey(given["SECRETS_KEY"]),
    ...checkReplica(given),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const own = PARTS.filter((part) => isOwn(part, given));
  const standIns = PARTS.filter((part) => !isOwn(part, given));
  const made = SECRETS.filter((name) => !given[name]);
  return {
    ok: true,
    plan: {
      services: [...standIns.map(({ service }) => service), ...(wishes.offlineModel ? ["openai"] : [])],
      own: [
        ...own.flatMap(({ variables, details = [] }) => [...variables, ...details]),
        ...SECRETS.filter((name) => given[name]),
        ...(wishes.offlineModel ? [] : MODEL),
      ],
      told: [
        ...own.map(({ name }) => `${name}: yours`),
        ...standIns.map(({ name, standIn }) => `${name}: ${standIn}`),
        wishes.offlineModel
          ? "model: the offline one, which quotes and does not think"
          : `model: ${given["LLM_MODEL"]}`,
        ...(made.length > 0
          ? [`made and kept in config.json: ${made.join(", ")}. npm run backup keeps them too`]
          : []),
      ],
    },
  };
}

const isOwn = ({ variables: [first = ""] }: Part, given: Given) => Boolean(given[first]);

function checkAddress(address: string | undefined): readonly string[] {
  if (!address)
    return ["APP_URL is not set: the address that people open, such as https://cairn.example.com"];
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`)
    return [`APP_URL is ${address}: give scheme and host alone, such as https://cairn.example.com`];
  const isThisMachine = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol === "http:" && !isThisMachine)
    return [
      `APP_URL is ${address}: passwords and keys travel there, so it has to be https (docs/on-premise.md has a Caddyfile)`,
    ];
  return [];
}

function checkPart(part: Part, given: Given): readonly string[] {
  const { variables, needs, name } = part;
  if (isOwn(part, given)) {
    return variables
      .filter((variable) => !given[variable])
      .map(
        (variable) =>
          `${variable} is not set: ${variables[0]} is, so the ${name} is yours, and needs all of ${variables.join(", ")}`,
      );
  }
  return !needs || needs.oneOf.some((variable) => given[variable]) ? [] : [needs.otherwise];
}

function checkModel(given: Given, offlineModel: boolean): readonly string[] {
  if (offlineModel) return [];
  const missing = MODEL.filter((name) => !given[name]);
  if (missing.length === 0) return [];
  return [
    `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not set: any OpenAI-compatible endpoint, also one of your own. To start without a model add --offline-model`,
  ];
}

function checkPerson(given: Given, hasPeople: boolean): readonly string[] {
  if (hasPeople || given["CLERK_SECRET_KEY"] || /^\S+@\S+\.\S+$/.test(given["CAIRN_ADMIN_EMAIL"] ?? ""))
    return [];
  return ["CAIRN_ADMIN_EMAIL is not set: the e-mail address of the first person, who invites the others"];
}

/** The door stands before one server. */
function checkReplica(given: Given): readonly string[] {
  if (!given["DATABASE_URL_REPLICA"] || given["DATABASE_URL_UNPOOLED"]) return [];
  return [
    "DATABASE_URL_REPLICA is set: a read replica is reached by Neon's protocol, so it needs a database at Neon. Leave it out",
  ];
}

function checkKey(key: string | undefined): readonly string[] {
  if (!key || key.length >= 32) return [];
  return [
    "SECRETS_KEY is too short: make one with: openssl rand -base64 32, or leave it out and one is made",
  ];
}
