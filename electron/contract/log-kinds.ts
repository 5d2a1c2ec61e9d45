/**
 * The kinds of files that a log comes in, and the endings of their names: what the app asks for where files are opened, and
 * what systems are told that it opens. Which reader a file has is told by its first bytes, not by its name.
 */

export interface LogKind {
  /** What Windows calls the kind, behind `RingView.`. It stays, so that what was written once can be removed. */
  readonly id: string;
  readonly title: string;
  /** Of the names of such files: in small letters, without a dot. */
  readonly endings: readonly string[];
  /** What Linux calls it. */
  readonly mime: readonly string[];
  /** Of a kind that Linux does not know by itself: the ends of names by which it is to know it. */
  readonly told?: readonly string[];
}

export const LOG_KINDS: readonly LogKind[] = [
  {
    id: 'Log',
    title: 'Log',
    endings: ['log', 'txt', 'csv', 'jsonl', 'ndjson', 'json', 'gz'],
    // Not text/plain: whoever opens a script or a source file, which are of it too, wants no log viewer.
    mime: ['text/x-log', 'text/csv', 'application/x-ndjson', 'application/json', 'application/gzip'],
  },
  {
    id: 'DebugViewLog',
    title: 'Log of DebugView++',
    endings: ['dblog'],
    mime: ['application/x-dbgview-log'],
    told: ['dblog'],
  },
  {
    id: 'Session',
    title: 'Packed session of RingView',
    endings: ['tar'],
    mime: ['application/x-ringview-session'],
    // Any other tar file is none.
    told: ['ringview.tar'],
  },
  {
    id: 'EventLog',
    title: 'Windows event log',
    endings: ['evtx'],
    mime: ['application/x-windows-event-log'],
    told: ['evtx'],
  },
  { id: 'Trace', title: 'Windows trace', endings: ['etl'], mime: ['application/x-windows-trace'], told: ['etl'] },
  {
    id: 'CrashDump',
    title: 'Crash dump',
    endings: ['dmp'],
    mime: ['application/x-windows-crash-dump'],
    told: ['dmp'],
  },
  {
    id: 'Snapshot',
    title: 'Memory of a virtual machine',
    endings: ['vmem', 'vmss', 'vmsn'],
    mime: ['application/x-vmware-snapshot'],
    told: ['vmem', 'vmss', 'vmsn'],
  },
  { id: 'Zip', title: 'Zip file with logs', endings: ['zip'], mime: ['application/zip'] },
];

/** All of them, in the order of the kinds. */
export const LOG_ENDINGS: readonly string[] = LOG_KINDS.flatMap(({ endings }) => endings);
