/**
 * Commands that one of the servers behind the wire lacks, as Lua that both run: js-redis-server 0.3 knows neither ECHO nor
 * MEMORY and destroys groups of streams that do not exist; WITHTYPE is Upstash's own word. A script keeps its place in pipelines and transactions.
 */
const ECHO = "return ARGV[1]";

/** Bytes of the key and its values, and 48 for its entry, where the server does not count itself. */
const MEMORY_USAGE = `
local counted = redis.pcall('MEMORY', 'USAGE', KEYS[1])
if type(counted) == 'number' or counted == false then return counted end
local function size(value)
  if type(value) ~= 'table' then return string.len(tostring(value)) end
  local total = 0
  for _, part in ipairs(value) do total = total + size(part) end
  return total
end
local readers = {
  string = {'GET'}, hash = {'HGETALL'}, set = {'SMEMBERS'},
  list = {'LRANGE', '0', '-1'}, zset = {'ZRANGE', '0', '-1'}, stream = {'XRANGE', '-', '+'},
}
local kind = redis.call('TYPE', KEYS[1])
local reader = readers[kind.ok or kind]
if not reader then return false end
return 48 + string.len(KEYS[1]) + size(redis.call(reader[1], KEYS[1], unpack(reader, 2)))`;

const XGROUP_DESTROY = `
if redis.call('EXISTS', KEYS[1]) == 0 then
  return redis.error_reply('ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.')
end
return redis.call('XGROUP', 'DESTROY', KEYS[1], ARGV[1])`;

const SCAN_WITH_TYPE = `
local page = redis.call('SCAN', unpack(ARGV))
local typed = {}
for _, key in ipairs(page[2]) do
  local kind = redis.call('TYPE', key)
  typed[#typed + 1] = key
  typed[#typed + 1] = kind.ok or kind
end
return {page[1], typed}`;

type EvalArguments = readonly [script: string, keys: string, ...rest: string[]];

const SCRIPTED: Readonly<Record<string, (args: readonly string[]) => EvalArguments | undefined>> = {
  ECHO: ([text = "", ...rest]) => (rest.length === 0 ? [ECHO, "0", text] : undefined),
  MEMORY: ([verb, key]) =>
    isWord(verb, "USAGE") && key !== undefined ? [MEMORY_USAGE, "1", key] : undefined,
  XGROUP: ([verb, key, group]) =>
    isWord(verb, "DESTROY") && key !== undefined && group !== undefined
      ? [XGROUP_DESTROY, "1", key, group]
      : undefined,
  SCAN: (args) => {
    const mark = args.findIndex((arg, index) => index > 0 && isWord(arg, "WITHTYPE"));
    return mark === -1 ? undefined : [SCAN_WITH_TYPE, "0", ...args.toSpliced(mark, 1)];
  },
};

/** Returns what EVAL is given to run a command that not every server has; undefined for the others. */
export function asScript(name: string, args: readonly string[]): EvalArguments | undefined {
  return Object.hasOwn(SCRIPTED, name) ? SCRIPTED[name]?.(args) : undefined;
}

function isWord(arg: string | undefined, word: string): boolean {
  return arg?.toUpperCase() === word;
}
