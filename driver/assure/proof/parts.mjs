/**
 * What is proved: the parts, each with the driver that leads Eva through it, how far it goes in which form, and what is
 * taken from the copies in which it must find something.
 */

/**
 * @typedef {object} Broken a copy in which something is taken away
 * @property {string} says what
 * @property {string} file below driver/
 * @property {readonly [string, string]} patch has to apply exactly once
 */

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} driver in this folder
 * @property {readonly string[]} sources below driver/, besides what the driver includes
 * @property {readonly string[]} [defines] for the preprocessor; % is driver/
 * @property {readonly string[]} options of Eva: how far it tells states apart
 * @property {string} [contract] a function that is taken for what its contract says, which another part shows
 * @property {(quick: boolean) => readonly Readonly<Record<string, number>>[]} sizes one analysis each, as macros
 * @property {(quick: boolean) => string} explored
 * @property {Readonly<Record<string, number>>} brokenSize
 * @property {readonly Broken[]} broken
 */

/** How many states of one place Eva keeps apart, and whether those a function returns with. */
const told = (/** @type {number} */ states, split = 'auto') => [
  '-eva-slevel',
  String(states),
  '-eva-split-return',
  split,
];

/** The longest record of a ring of 2^log2 bytes. @param {number} log2 */
const longest = (log2) => Math.min(2 ** log2 / 4, 65536);

/** The two shortest records of a ring and the two longest. @param {number} log2 */
const borderRecords = (log2) => [
  { RING_LOG2: log2, RECORD_BYTES_FIRST: 64, RECORD_BYTES_LAST: 72 },
  { RING_LOG2: log2, RECORD_BYTES_FIRST: longest(log2) - 8, RECORD_BYTES_LAST: longest(log2) },
];

/** All records of a ring, in pieces that can be looked at side by side. @param {number} log2 @param {number} piece */
function allRecords(log2, piece = 4096) {
  const pieces = [];
  for (let first = 64; first <= longest(log2); first += piece) {
    const last = Math.min(first + piece - 8, longest(log2));
    pieces.push({ RING_LOG2: log2, RECORD_BYTES_FIRST: first, RECORD_BYTES_LAST: last });
  }
  return pieces;
}

/** The last of length_modifier in format_text.h. */
const LENGTH_WIDE = 8;

const RING_SIZES = Array.from({ length: 19 }, (_, n) => 12 + n);

/** @type {readonly Part[]} */
export const PARTS = [
  {
    name: 'a write into a ring',
    driver: 'prove_ring.c',
    sources: ['ring/ring.c'],
    options: told(2),
    sizes: (quick) =>
      quick
        ? [...allRecords(12, 512), ...borderRecords(30)]
        : [...[12, 13, 14].flatMap((log2) => allRecords(log2)), ...RING_SIZES.flatMap(borderRecords)],
    explored: (quick) =>
      quick
        ? 'all lengths in a ring of 4 KiB, shortest and longest in 1 GiB'
        : 'all lengths in rings of 4 to 16 KiB, shortest and longest in every size',
    brokenSize: { RING_LOG2: 12, RECORD_BYTES_FIRST: 64, RECORD_BYTES_LAST: 72 },
    broken: [
      {
        says: 'a record crosses the end of the ring',
        file: 'ring/room.h',
        patch: ['if (found.at > ring_bytes - bytes) {', 'if (found.at > ring_bytes - bytes + RV_ALIGN) {'],
      },
      {
        says: 'a consumer position inside a word is taken',
        file: 'ring/room.h',
        patch: ['consumed % RV_ALIGN != 0 || ', ''],
      },
      {
        says: 'the last word is read where it is not whole',
        file: 'ring/copy.h',
        patch: [
          'memcpy(&word, source + length - RV_ALIGN, sizeof word);',
          'memcpy(&word, source + length - rest, sizeof word);',
        ],
      },
      {
        says: 'of less than a word more is read than the caller gave',
        file: 'ring/copy.h',
        patch: ['at < length; at++', 'at <= length; at++'],
      },
      {
        says: 'words are copied by four where there are three',
        file: 'ring/copy.h',
        patch: ['for (; at < steps;', 'for (; at < whole;'],
      },
    ],
  },
  {
    name: 'the making of a session',
    driver: 'prove_session.c',
    sources: ['ring/session.c'],
    options: [
      ...told(2),
      ...['-eva-slevel-function', 'rv_session_init:60', '-eva-alloc-builtin', 'fresh', '-eva-no-alloc-returns-null'],
    ],
    sizes: (quick) => [{ CPUS: quick ? 2 : 32, LOG2_LAST: 30 }],
    explored: (quick) => `any configuration; images of every ring size, of 1 to ${quick ? 2 : 32} and 2048 CPUs`,
    brokenSize: { CPUS: 1, LOG2_LAST: 12 },
    broken: [
      {
        says: 'an image that is too small is taken',
        file: 'ring/session.c',
        patch: ['bytes < geometry.image_bytes || ', ''],
      },
      {
        says: 'a name is written beyond its place',
        file: 'ring/session.c',
        patch: ['i + 1 < sizeof page->producer', 'i <= sizeof page->producer'],
      },
    ],
  },
  {
    name: 'the logging API',
    driver: 'prove_log.c',
    sources: ['ring/log.c'],
    options: told(40),
    sizes: () => [{}],
    explored: () => 'any processor, IRQL, arguments; attached and detached at any moment',
    brokenSize: {},
    broken: [
      {
        says: 'a processor without a ring is given one',
        file: 'ring/log.c',
        patch: ['pin->cpu >= (*log)->cpu_count', 'pin->cpu > (*log)->cpu_count'],
      },
    ],
  },
  {
    name: 'conversions of the formatter',
    driver: 'prove_format.c',
    sources: ['ring/format_text.c'],
    defines: ['-include "%/assure/proof/arguments.h"', '-DFORMAT_BYTES=1'],
    options: [
      ...told(30),
      ...['-eva-split-return-function', 'proof_argument:full,next_piece:full,any_of_a_number:full'],
      '-eva-slevel-function',
      'rv_put_text:400,output_bytes:200,put_counted:100,put_string:100,any_of_a_number:100',
      '-from-verify-assigns',
    ],
    sizes: () => [{ CONVERSIONS: LENGTH_WIDE }],
    explored: () => 'every conversion, modifier, width, precision and flag, any value; strings of up to 5 bytes',
    brokenSize: { CONVERSIONS: 0 },
    broken: [
      {
        says: 'a byte more than fits is put',
        file: 'ring/format_text.h',
        patch: ['out->length < out->capacity', 'out->length <= out->capacity'],
      },
    ],
  },
  {
    name: 'formats',
    driver: 'prove_format.c',
    sources: ['ring/format_text.c'],
    defines: ['-include "%/assure/proof/arguments.h"'],
    contract: 'put_conversion',
    options: told(200000, 'full'),
    sizes: (quick) => [{ FORMAT_BYTES: quick ? 3 : 4 }],
    explored: (quick) => `every format of up to ${quick ? 3 : 4} characters`,
    brokenSize: { FORMAT_BYTES: 2 },
    broken: [
      {
        says: 'characters are looked at behind the end of the format',
        file: 'ring/format.c',
        patch: ["f[1] == '6' && f[2] == '4'", "f[2] == '4'"],
      },
    ],
  },
  {
    name: 'checks of control requests',
    driver: 'prove_requests.c',
    sources: ['kernel/ioctl_check.c', 'kernel/event_filter.c', 'ring/session.c'],
    options: told(20),
    sizes: () => [{}],
    explored: () => 'any code, lengths, values, number of CPUs',
    brokenSize: {},
    broken: [
      {
        says: 'a longer input than its struct is taken',
        file: 'kernel/ioctl_check.c',
        patch: ['input_bytes != found->input_bytes', 'input_bytes < found->input_bytes'],
      },
    ],
  },
  {
    name: 'filters of events',
    driver: 'prove_filter.c',
    sources: ['kernel/event_filter.c'],
    options: told(20),
    sizes: () => [{}],
    explored: () => 'any request; rules that others change at any moment; paths of any units, known or not',
    brokenSize: {},
    broken: [
      {
        says: 'a part is a unit longer than its place',
        file: 'kernel/event_filter.c',
        patch: [
          'at_most(rv_load32(&rules->paths[i].units), RV_FILTER_PATH_UNITS)',
          'rv_load32(&rules->paths[i].units)',
        ],
      },
      {
        says: 'a search goes on where half written rules say',
        file: 'kernel/event_filter.c',
        patch: ['at = shorter < at ? shorter : at - 1;', 'at = shorter;'],
      },
    ],
  },
  {
    name: 'lines of DbgPrint',
    driver: 'prove_lines.c',
    sources: [],
    contract: 'append',
    options: [...told(10000, 'full')],
    sizes: (quick) => [{ TEXT_BYTES: quick ? 5 : 10 }],
    explored: (quick) => `texts of up to ${quick ? 5 : 10} bytes, slots that others change`,
    brokenSize: { TEXT_BYTES: 2 },
    broken: [
      {
        says: 'a line goes on behind the text',
        file: 'kernel/dbgprint_lines.c',
        patch: ['ended ? n + 1 : n;', 'n + 1;'],
      },
    ],
  },
  {
    name: 'pieces of a line',
    driver: 'prove_append.c',
    sources: [],
    options: [...told(30), '-from-verify-assigns'],
    sizes: () => [{ STEP: 1 }],
    explored: () => 'slots of every length, pieces of 1 to 511 bytes',
    brokenSize: { STEP: 256 },
    broken: [
      {
        says: 'a piece is a byte longer than the room',
        file: 'kernel/dbgprint_lines.c',
        patch: ['if (length <= room) {', 'if (length <= room + 1) {'],
      },
    ],
  },
  {
    name: 'names as UTF-8',
    driver: 'prove_utf8.c',
    sources: ['kernel/utf8.c'],
    options: [...told(10), '-eva-split-limit', '1000'],
    sizes: (quick) => [{ CAPACITY: quick ? 8 : 40 }],
    explored: (quick) => `names of 0 to 4 and 32,767 units, room for 0 to ${quick ? 8 : 40} and 260 bytes`,
    brokenSize: { CAPACITY: 2 },
    broken: [
      {
        says: 'a character goes to before the room',
        file: 'kernel/utf8.c',
        patch: ['if (need > at) {', 'if (need > at + 1) {'],
      },
    ],
  },
  {
    name: 'pages of a dump',
    driver: 'prove_dump.c',
    sources: ['kernel/crash_pages.c'],
    options: told(20),
    sizes: (quick) => [{ PAGES: quick ? 8 : 16 }],
    explored: (quick) => `every ring size, number of rings, position; page by page up to ${quick ? 8 : 16}`,
    brokenSize: { PAGES: 2 },
    broken: [
      {
        says: 'a ring takes more than it has',
        file: 'kernel/crash_pages.c',
        patch: ['    }\n    return share < ring_bytes ? share : ring_bytes', '    }\n    return share'],
      },
    ],
  },
  {
    name: 'batches of programs',
    driver: 'prove_write.c',
    sources: ['kernel/batch.c', 'kernel/quota.c'],
    options: told(20),
    sizes: () => [{}],
    explored: () => 'batches of any bytes, short and longest; shares in any state',
    brokenSize: {},
    broken: [
      {
        says: 'a head is read behind the end of a batch',
        file: 'kernel/batch.c',
        patch: ['bytes - at < sizeof *record', 'bytes - at < 8'],
      },
    ],
  },
  {
    name: 'with what the driver begins',
    driver: 'prove_boot.c',
    sources: ['kernel/boot_values.c', 'kernel/ioctl_check.c', 'kernel/event_filter.c', 'ring/session.c'],
    options: told(20),
    sizes: () => [{}],
    explored: () => 'values of any type, length and bytes, one after another; any number of CPUs, any memory',
    brokenSize: {},
    broken: [
      {
        says: 'a value is read whatever its length',
        file: 'kernel/boot_values.c',
        patch: [' || bytes != sizeof *value', ''],
      },
    ],
  },
  {
    name: 'names of those who log',
    driver: 'prove_loggers.c',
    sources: ['kernel/loggers.c'],
    options: told(10),
    sizes: () => [{}],
    explored: () => 'any table, any name',
    brokenSize: {},
    broken: [
      {
        says: 'a name is looked for behind the table',
        file: 'kernel/loggers.c',
        patch: ['while (number < RV_LOGGERS && loggers', 'while (loggers'],
      },
      {
        says: 'a name is a byte longer than its place',
        file: 'kernel/loggers.c',
        patch: ['i + 1 < RV_LOGGER_NAME_BYTES', 'i <= RV_LOGGER_NAME_BYTES'],
      },
    ],
  },
  {
    name: 'the list of attached drivers',
    driver: 'prove_links.c',
    sources: ['kernel/links.c'],
    defines: ['-DRV_PROOF_PLAIN_ATOMICS', '-DRV_KERNEL', '-I"%/shim/wdk"'],
    // Also at the end of each function: an attachment that is refused is another state than one that is in the list.
    options: told(5000, 'full'),
    sizes: () => [{}],
    explored: () => 'two drivers; every sequence of requests, however long',
    brokenSize: {},
    broken: [
      {
        says: 'a request without an attachment is followed',
        file: 'kernel/links.c',
        patch: ['request->attachment == NULL || ', ''],
      },
    ],
  },
];

/** Whose functions have to be reached, all of them and in all of their statements, by one part or another. */
export const FILES = [
  ...[
    'ring/ring.c',
    'ring/copy.h',
    'ring/room.h',
    'ring/session.c',
    'ring/log.c',
    'ring/format.c',
    'ring/format_text.c',
  ],
  ...[
    'ioctl_check.c',
    'event_filter.c',
    'dbgprint_lines.c',
    'utf8.c',
    'crash_pages.c',
    'links.c',
    'loggers.c',
    'batch.c',
    'quota.c',
    'boot_values.c',
  ].map((file) => `kernel/${file}`),
];

/** Functions of which so many statements cannot be reached, and should not. @type {Readonly<Record<string, number>>} */
export const UNREACHABLE = {
  /* The default of its switch: a status that is no loss. */
  count_loss: 3,
  /* It looks once more at what it has judged before. */
  rv_image_init: 4,
  /* Frama-C's parser puts a declaration in front of the first case. */
  parse_length: 1,
  put_conversion: 1,
  rv_crash_range: 1,
};
