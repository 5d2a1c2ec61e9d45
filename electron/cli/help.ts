/** The texts of `--help`. */

import { SOURCE_KINDS } from '../../native/sources/registry.ts';
import { SOURCE_OPTION_NAMES, SOURCE_OPTIONS } from '../../native/sources/source-kind.ts';
import { LINE_FORMAT_NAMES } from '../contract/export-formats.ts';
import type { Topic } from './arg-values.ts';
import {
  CI_HELP,
  CONVERT_HELP,
  DIFF_HELP,
  FILTERS,
  QUERY_HELP,
  RECOVER_HELP,
  SCHEMAS,
  STATS_HELP,
} from './help-files.ts';
import { LOG_HELP } from './log-args.ts';
import { SCHEMA_HELP } from './schema-args.ts';

const sources = SOURCE_KINDS.map(({ form, describes }) => `  ${form.padEnd(22)}${describes}`).join('\n');

/** The options of sources, of whatever kind. */
const sourceOptions = SOURCE_OPTION_NAMES.map((name) => {
  const { flag, value, describes } = SOURCE_OPTIONS[name];
  return `  ${`--${flag}${value === null ? '' : ` ${value}`}`.padEnd(22)}${describes}`;
}).join('\n');

const RINGVIEW = `RingView: capture of per-CPU rings in one order, with every loss counted.

  ringview capture --source SOURCE [options]    write what a source logs to a file
  ringview capture --source SOURCE --session NAME   record a session on disk that survives whatever happens
  ringview sessions [--json]                    list what was recorded; rename, delete, pack
  ringview tail SOURCE [options]                show what a source logs, as it comes
  ringview open IN...                           show log files, recorded sessions and sources in the app
  ringview ci --source SOURCE -- COMMAND        capture while a command runs; fail if the log says so
  ringview convert IN... --out OUT|- [options]  write log files in another format
  ringview recover FILE [options]               what drivers had logged, out of a crash dump
  ringview query IN... "SQL" [options]          ask log files in SQL
  ringview stats IN... | diff A B               what a log is made of; how two differ
  ringview simulate --name NAME [options]       be a driver that logs, as the source sim:NAME
  ringview doctor [--json]                      say why capture is silent on this machine, and what to do
  ringview driver install|start|stop|...        manage ringview.sys (Windows)
  ringview traces [list|stop|clean|providers]   logging sessions of Windows, and who can write into one
  ringview log [TEXT] [options]                 log a text or standard input through ringview.sys (Windows)
  ringview schema check|header|from FILE        what the bytes of typed records are, as JSON and as a C header
  ringview completion bash|powershell           complete commands and options in a shell
  ringview COMMAND --help                       its options
  ringview --version

Sources:
${sources}

Exit code: 0 done, 1 failed, 2 wrong arguments; of capture and ci also 3 to 6: 'ringview capture --help'. Messages go to
standard error.
`;

const CAPTURE = `ringview capture --source SOURCE [options]

  --source SOURCE       what to read (required); several --source are merged into one order by clock
  --out FILE|-          where to write; - is standard output (default)
  --format FORMAT       ${LINE_FORMAT_NAMES.join(', ')}; default by the ending of FILE (.csv, .jsonl, .LOG ...),
                        else text; 'ringview convert --help' says what each holds
  --summary FILE        write the accounts as JSON when done
  --duration SECONDS    stop after this time
  --max N               stop after N entries
  --filter FILTER       write only rows that it shows; the summary counts the others as hidden
  --pid N               the same for processes: numbers or ranges (4,100-200); may be given again
  --process NAME        the same for names of processes, such as nic*; may be given again
${SCHEMAS}
  --wait SECONDS        wait this long for the source to appear
  --session NAME        record a session of this name on disk instead of writing to --out: whatever ends this program, it
                        opens complete up to the last second ('ringview sessions --help')
  --library FOLDER      where that session goes, if not to the folder of all sessions

How the log goes on (with --out FILE, in which {session}, {date}, {time} and {n} stand for the sources,
when a file begins, and its number):
  --log-append          add to what FILE holds instead of replacing it
  --log-limit SIZE      begin another file (FILE-2, FILE-3 ...) before one exceeds SIZE: 64K, 100M, 2G
  --log-wrap            with --log-limit: begin the same file anew instead
  --log-daily           begin another file each day (FILE-2026-11-28)
  --log-keep N          keep the last N files

What the log must say:
  --wait-for REGEX      stop once a message matches; exit code 6 if none does
  --fail-on REGEX       exit code 5 if a message matches
  --strict              exit code 3 if nothing was captured, 4 if records were lost or not written

Sources:
${sources}

How files are read (each option goes to the sources that have it):
${sourceOptions}

${FILTERS}

Capture ends with --duration, --max, SIGINT, SIGTERM or SIGHUP, when the source ends or its producer disappears (state
'gone'), and when whoever reads a pipe closes it (| head): all of these are exit code 0, and the summary says which. It
is 1 if the source cannot be opened or read, or the output cannot be written; what is written then ends with a whole line.
After a signal, an output that takes nothing for two seconds is given up (exit code 1, see notWritten); a second signal
gives it up at once. The summary replaces an earlier one whole or not at all.
Should the output be slower than the source, the rings fill and the driver counts what it drops: see lost.
`;

const SESSIONS = `ringview sessions [COMMAND] [options]

  list [--json]         what was recorded (default); as JSON: [{name,path,rows,lost,startedAt,ended,...}], where ended is
                        null while it is recorded, else stopped, ended, gone, failed or crashed
  rename NAME NEW       give a session another name
  delete NAME...        remove sessions for good; not one that is being recorded
  pack NAME... [--out FILE]   make one file of a session, to send: a tar archive of it, which RingView opens as it is
  pin NAME...           keep sessions whatever prune says; unpin NAME...
  prune                 delete the oldest that are not pinned, to stay within
    --max-gb N          so many gigabytes altogether
    --max-days N        and so many days of age
  --library FOLDER      the folder of the sessions; default: RINGVIEW_SESSIONS, else the user's data folder

A NAME is that of a session or the path of its folder. A session is a folder of Apache Arrow streams (*.arrows) that other
programs read as they are, with JSON beside them that says where its rows came from and what was lost.

  ringview capture --source sim:lab --session boot-3 --duration 60
  ringview sessions pack boot-3 --out boot-3.tar
`;

const TAIL = `ringview tail SOURCE... [options]

  --demo                instead of a SOURCE: the simulated driver that comes with RingView
  --filter FILTER       show only rows that it shows
  --pid N               the same for processes: numbers or ranges (4,100-200); may be given again
  --process NAME        the same for names of processes, such as nic*; may be given again
${SCHEMAS}
  --duration SECONDS    stop after this time
  --wait SECONDS        wait this long for the source to appear

Sources:
${sources}

How files are read (each option goes to the sources that have it):
${sourceOptions}

${FILTERS}

Each line: index, seconds since the session began, CPU, level, then the source where there are several, the process where
it is known, 'late' where a row came out after a later one, and the message. Lost records have a line where they were lost.
What would control the terminal or not be seen is shown by the sign that the table has for it (a line break by \u240a, a tab by
\u2409): a search for the sign finds it.

On a terminal the last line has the statistics; space pauses and goes on, q or Ctrl+C quits. What arrives faster than can
be shown is read and counted in a line of its own. Colours follow the levels; NO_COLOR=1 turns them off. Into a pipe or a
file, and where TERM is 'dumb', every row is written as a plain line.
`;

const OPEN = `ringview open IN... [options]

  IN                    a log file, a recorded session (its folder or its one file), a source such as sim:NAME, or - for
                        standard input; without any, an empty window
${SCHEMAS},
                        until the app ends, beside those of its settings
  --theme THEME         light, dark or system
  --associate           offer RingView for log files in file managers of this user (Linux, Windows), where no kind of file
                        gets another default; the app is started only if there is an IN as well
  --unassociate         take that back

Starts the app and waits for its end. Where one runs already that one opens them, and this command ends at once. Each file
is a session of its own; several in one order of time: 'ringview convert', or Ctrl+Shift+M in the app.

  ringview open dbgview.LOG system.evtx
  dmesg | ringview open -
`;

const SIMULATE = `ringview simulate --name NAME [options]

  --name NAME           readers find it as sim:NAME (required); letters, digits, . _ -
  --cpus N              CPUs to simulate, 1 to 2048 (default 4)
  --rate N|max          attempts a second over all CPUs (default 1000)
  --count N             stop after N attempts (default: until stopped, or the lines of --replay)
  --ring-bytes N        size of each ring, a power of two (default 4194304)
  --mode MODE           a full ring: drop the new (drop, default) or the oldest (overwrite)
  --order ORDER         what readers order by: index (default) or clock
  --replay FILE         log the lines of this file
  --text-bytes N        cut each line to N bytes and flag it, as a driver's buffer does (default 0: whole lines)
  --seed N              same seed, same messages (default 1)
  --checksum            end each text with ' #' and its FNV-1a hash
  --numbered            end each text with ' @SEED.ATTEMPT', its number on its CPU, both hexadecimal
  --binary N            make every Nth attempt a binary payload
  --records N           make every Nth attempt a typed record of a connection
  --faults N            make every Nth attempt one that must be refused
  --wait-reader         start when a reader is there
  --linger SECONDS      keep the ring session this long for a reader that is behind (default 2)

Prints one line of JSON when done: {"cpus":[{"cpu","attempted","written","lost":{CAUSE:N}}]}.
`;

const DOCTOR = `ringview doctor [options]

  --json                the findings and the facts behind them as one line of JSON
  --set-mask NAME=MASK  set the debug print filter of a component, such as DEFAULT=0xf (Windows, as administrator; takes
                        effect when Windows is restarted)

Examines this machine and changes nothing unless told to: rights, driver, debug print filter and other viewers on Windows;
ring sessions and who holds them on Linux. Exit code: 0, or 1 if a problem was found.
`;

const DRIVER = `ringview driver COMMAND [options]

  install [--path FILE] [--start START]   copy ringview.sys (default: that of this folder) to the system and make its
                          service, which is started by hand (demand) unless START says when Windows does
  start                   load it
  stop                    end its ring session, so that readers let go, and unload it
  remove                  stop it, remove its service and the copy
  status                  what it is, who reads it, what it counted
  configure [options]     begin a new ring session; no reader may be attached
    --ring-bytes N        size of each CPU's ring, a power of two (default 4194304)
    --mode MODE           a full ring: drop the new (drop, default) or the oldest (overwrite)
    --order ORDER         what readers order by: index (default) or clock
  boot [options]          when Windows starts it, and with what it begins then; without options what is set is shown
    --start START         demand (by hand), auto (with the services), system (with the kernel) or boot (with the first
                          drivers: from the first second of the next boot on)
    --ring-bytes N --mode MODE --order ORDER   as for configure (until one is set: 1048576, drop, index)
    --captures LIST       dbgprint,process,thread,image,registry,handles: what it captures from then on; 'none'
    --standard            forget what was set before
  mask NAME [--off LIST]  switch levels and types of a driver that logs through it off, and all its others on, at once;
                          'info,trace,text,type:7': names or numbers of levels, and types (from 31 on together)
  stacks NAME [--on LIST] let texts of these levels of that driver carry the stack of the call, and no others: 'error,warning',
                          names or numbers, or 'all'; a walk over the stack and up to 128 bytes for each
  capture LIST            what it captures besides what drivers log: 'none', or of dbgprint, process, thread, image, registry,
                          handles
  filter LIST [options]   which events of these captures it reports, until it is unloaded; without an option all of them
    --pid N,...           only of these processes, at most 16; of a handle, who asks or whom it leads to
    --in-path TEXT        only with TEXT in the path of program, image or key; repeat it for up to 4
    --except              all but those

  install, start, stop, remove and status with --name net or file are of ringview-net.sys and ringview-file.sys, which
  log connections and operations on files of the whole machine through ringview.sys
  observe --name NAME --on LIST   what that driver reports from now on: all, none, or of net connect,accept,close,listen,
                          of file create,read,write,rename,delete,close,paging
    --pid N,...           only of these processes, at most 16
    --in-path TEXT        only of programs (net) or files (file) with TEXT in their path; repeat it for up to 4
    --except              all but those
    --leave-out N         never of process N: the reader, if it records to a file

Windows only. Needs the rights of an administrator: start the prompt as administrator. Windows loads only drivers it
trusts: see 'ringview doctor'.
`;

const TRACES = `ringview traces [COMMAND]

  list [--json]         logging sessions that run: live or into a file, and what they lost (default)
  stop NAME             stop a session that RingView started; those of others are left alone
  clean                 stop the sessions that RingView left behind when it was killed
  providers [TEXT] [--json]   providers of events that Windows knows by name, those with TEXT in it

Windows only. A source etw:... reads events while they come, which needs the rights of an administrator or of the group
Performance Log Users:

  etw:PROVIDER[:KEYWORDS[:LEVEL]][+PROVIDER...]   providers by GUID or name; KEYWORDS such as 0x10, LEVEL 1 to 255, or
                        critical, error, warning, info, verbose (default: everything)
  etw:kernel[:NAME+...] the system itself: dbgprint (default), process, thread, image, disk, fileio, registry, tcpip,
                        cswitch, dpc, interrupt, hardfault ...; it is a logger of its own beside the NT Kernel Logger
  etw:session:NAME      a session that runs and can be read live
  etw:[pdb[:FLAGS[:LEVEL]]]   with --symbols DRIVER.pdb: what that driver writes by WPP; FLAGS by number or name, IO|PNP

  ringview tail driver.pdb                                  the same as: ringview tail etw: --symbols driver.pdb
  ringview capture --source etw:kernel:dbgprint --out dbgprint.log
  ringview tail etw:Microsoft-Windows-Kernel-PnP::warning channel:System
`;

const COMPLETION = `ringview completion bash|powershell

Prints what a shell needs to complete commands, options and their values, for a 'ringview' that is on the PATH:

  ringview completion bash > ~/.local/share/bash-completion/completions/ringview
  ringview completion powershell | Out-String | Invoke-Expression          (for ever: add that line to $PROFILE)
`;

export const HELP: Readonly<Record<Topic, string>> = {
  ringview: RINGVIEW,
  capture: CAPTURE,
  ci: CI_HELP,
  sessions: SESSIONS,
  tail: TAIL,
  open: OPEN,
  convert: CONVERT_HELP,
  recover: RECOVER_HELP,
  query: QUERY_HELP,
  stats: STATS_HELP,
  diff: DIFF_HELP,
  simulate: SIMULATE,
  doctor: DOCTOR,
  driver: DRIVER,
  traces: TRACES,
  log: LOG_HELP,
  schema: SCHEMA_HELP,
  completion: COMPLETION,
};
