/** The texts of `--help` of the commands that read log files. */
import { EXPORT_FORMATS } from '../contract/export-formats.ts';
import { LOG_FIELDS, RECORD_FIELDS, TRACE_FIELDS } from '../contract/log-fields.ts';

const formats = EXPORT_FORMATS.map(({ name, carries }) => `  ${name.padEnd(12)}${carries}`).join('\n');
const columns = `  ${LOG_FIELDS.join(', ')}\n  and of traces and event logs ${TRACE_FIELDS.join(', ')};
  ${RECORD_FIELDS}: the fields of records as JSON, where a --schema is given, and in SQL`;

const INPUTS = `IN is a log of DebugView or DebugView++, CSV, JSON Lines, text, .evtx or .etl, also packed by gzip or zip; a recorded session by
its name, its folder or the one file made of it; or - for standard input. Several are merged into one order by their time.`;

/** What `--schema` takes, wherever there is one. */
export const SCHEMAS = `  --schema FILE         what the bytes of typed records are, as JSON (.github/docs/schemas.md); may be given several times`;

const READING = `  --encoding NAME|auto  how text that is not Unicode is read: windows-1252, gbk, shift_jis ... (default auto)
  --symbols PATH        what explains events of traces and event logs: a .tmf, .pdb or .man file, a driver or DLL with
                        a manifest or a message table, a folder of them, or a symbol path: C:\\a;srv*C:\\store; may be given several
                        times. Without it, what debuggers have in _NT_SYMBOL_PATH. Nothing is downloaded
${SCHEMAS}
  --offset IN=TIME      moves all times of a log, before several are merged: b.log=+1.5s, b.log=-200ms`;

/** What `--filter` takes, wherever there is one. */
export const FILTERS = `FILTER is what the filter box of the app takes: a text that messages must hold, whatever the case of its letters; or
terms, all of which must fit:
  cpu:3,5-7  level>=warning  pid:4  tid:8  type:12  remarks:0x10  index:100-200    numbers, by : < <= > >=
  time>12.5s  delta>1ms       time since the log began, and since the row before
  source:NAME  process:nic*   whole names; * is any characters. A process is known once its source has named it
  like:"read # bytes"         messages of one template, as 'ringview stats' lists them
  type:tcp  tcp.port:443  took>1ms   types and fields of records, by their schema ('port' alone for one of --schema)
  status:STATUS_TIMEOUT       messages with a status code, by name (*timeout*) or number, however it is written
  "text"  /expression/i       what messages must hold, or match
  -term  not term  (a or b)   what must not fit; one of several
A filter hides losses by CPU, source and time alone.`;

export const CONVERT_HELP = `ringview convert IN... --out OUT|- [options]

  --out FILE|-          where to write; - is standard output (required). A file appears whole or not at all
  --format FORMAT       default by the ending of FILE
  --filter FILTER       only rows that it shows, see below
  --pid N               the same for processes: numbers or ranges (4,100-200); may be given again
  --process NAME        the same for names of processes, such as nic*; may be given again
  --no-losses           leave out the rows that stand where records were lost
  --raw                 csv without the apostrophe that keeps spreadsheets from taking a message that begins with =, +, -
                        or @ for a formula
${READING}

${INPUTS}

${FILTERS}

Formats, and what each carries:
${formats}

What a log does not state is null in JSON Lines, Arrow and Parquet, and empty in CSV. The columns are
${columns}

  ringview convert dbgview.LOG --out dbgview.parquet
  ringview convert monday.evtx driver.etl --out both.html --filter 'level>=warning timeout'
  ringview convert host.LOG guest.LOG --offset guest.LOG=+1.5s --out both.html
  gunzip -c old.log.gz | ringview convert - --out - --format jsonl --encoding gbk | head

Exit code: 0 done, also when whoever reads the output leaves (| head); 1 failed; 2 wrong arguments. What is broken in a
log is kept as text and named on standard error; that is no failure.
`;

export const RECOVER_HELP = `ringview recover FILE [options]

  --out FILE|-          where to write; - is standard output (default)
  --format FORMAT       default by the ending of the file that is written, else text
  --filter FILTER       only rows that it shows
${SCHEMAS}

FILE is the memory of a machine that crashed while ringview.sys, or a driver with its rings, was loaded: MEMORY.DMP (complete,
kernel, active, small), an ELF core (QEMU: dump-guest-memory, VirtualBox: dumpvmcore), a VMware snapshot (.vmem, .vmss, .vmsn), a
saved machine of QEMU (migrate file:, virsh save), or a raw image (.raw); of x64. Every record that is whole comes out in order,
also those of the last moment, which nobody had read; what is missing is counted. The last row is the bug check in words, before it
are the lines that the kernel kept of DbgPrint. What of a ring is not in the file, or damaged, is named on standard error.

  ringview recover C:\\Windows\\MEMORY.DMP
  ringview recover vm.vmem --out crash.html --filter 'level>=warning'

'convert', 'query', 'stats' and the app open these files too. Exit code: 0 done, 1 failed, 2 wrong arguments.
`;

export const QUERY_HELP = `ringview query IN... "SQL" [options]

  --format FORMAT       table (default), json (an array of objects) or csv
${READING}

${INPUTS} A Parquet file is asked as it is.

The table is log; its columns are
${columns}
DuckDB answers, so all of its SQL is there; it may also read and write other files.

  ringview query dbgview.LOG "select pid, count(*) from log group by pid order by 2 desc"
  ringview query system.evtx "select time, message from log where level = 'error'" --format csv
  ringview query a.LOG "copy (select * from log) to 'a.parquet'"

Exit code: 0 done, 1 failed, 2 wrong arguments, or SQL that the database does not accept.
`;

export const STATS_HELP = `ringview stats IN... [options]

  --json                one object instead of text
  --top N               message templates to name (default 20)
${READING}

Says when the log began and ended, how many entries and losses it has, of which levels, CPUs, sources, processes and kinds of
events, and which messages come most often. Messages count as one that differ in numbers, addresses and identifiers alone.

${INPUTS}
Exit code: 0 done, 1 failed, 2 wrong arguments.
`;

export const DIFF_HELP = `ringview diff A B [options]

  --json                one object instead of text
  --top N               messages to name of each kind of difference (default 20)
${READING}

Compares two logs by message template: which are in B alone, in A alone, more or fewer than chance and the length of the
logs explain; how often, when first and last. Each of A and B is a log as 'ringview convert --help' has it.
Exit code: 0 done, also where they differ; 1 failed; 2 wrong arguments.
`;

export const CI_HELP = `ringview ci --source SOURCE [options] -- COMMAND [ARGUMENTS]

  --source SOURCE       what to capture (required, several are merged into one order by clock)
  --report FILE         the log of the run as one HTML file; default ringview-report.html
  --fail-on REGEX       exit code 5 if a message matches
  --strict              exit code 3 if nothing was captured, 4 if records were lost
  --wait SECONDS        start the command at once and wait this long for the source to appear; without it the source has
                        to be there, and the command starts once it is captured
  --settle SECONDS      go on this long after the command has ended (default 0.5)
${SCHEMAS}

Captures while the command runs. Its exit code is that of the command if it failed, else what the log says. On GitHub
Actions messages that match, and losses, become annotations of the run.

  ringview ci --source driver: --fail-on 'ASSERT|BUGCHECK' --strict -- powershell -File run-tests.ps1
`;
