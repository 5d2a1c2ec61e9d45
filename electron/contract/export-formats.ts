/**
 * The formats in which a log can be written. The app's menu, the filters of its save dialog, the command line and its
 * help derive from this table. How a format is written is in session/output/formats.
 */

export interface ExportFormatFacts {
  /** Its name on the command line and in requests. */
  readonly name: string;
  /** Its name for people. */
  readonly title: string;
  /** File name extensions without a dot; the first is the one offered. */
  readonly extensions: readonly string[];
  /** Other names that the command line accepts. */
  readonly alsoCalled: readonly string[];
  /**
   * `lines`: every row is a line of text of its own, so that the text can be copied, cut behind any row, and appended
   * to.
   */
  readonly shape: 'lines' | 'document' | 'binary';
  /** Which parts of a row the file holds, as a phrase for people. */
  readonly carries: string;
}

export const EXPORT_FORMATS = [
  {
    name: 'text',
    title: 'Text',
    extensions: ['log', 'txt'],
    alsoCalled: ['txt'],
    shape: 'lines',
    carries: 'index, time to the nanosecond, CPU, level, type, remarks, message on one line, as it is shown; losses',
  },
  {
    name: 'debugview',
    title: 'DebugView log',
    extensions: ['LOG'],
    alsoCalled: ['dbgview'],
    shape: 'lines',
    carries: 'index, time since the begin to 10 ns, process number, message; a loss as a line of text',
  },
  {
    name: 'csv',
    title: 'CSV',
    extensions: ['csv'],
    alsoCalled: [],
    shape: 'lines',
    carries: 'every field; losses',
  },
  {
    name: 'jsonl',
    title: 'JSON Lines',
    extensions: ['jsonl', 'ndjson'],
    alsoCalled: ['ndjson'],
    shape: 'lines',
    carries: 'every field, and which rows were late; losses',
  },
  {
    name: 'parquet',
    title: 'Parquet',
    extensions: ['parquet'],
    alsoCalled: [],
    shape: 'binary',
    carries: 'every field, the wall clock to the microsecond; losses',
  },
  {
    name: 'arrow',
    title: 'Apache Arrow',
    extensions: ['arrow', 'feather'],
    alsoCalled: ['feather', 'ipc'],
    shape: 'binary',
    carries: 'every field; losses',
  },
  {
    name: 'perfetto',
    title: 'Perfetto trace (JSON)',
    extensions: ['json'],
    alsoCalled: ['chrome', 'json'],
    shape: 'document',
    carries: 'every field as an event on the lane of its CPU; losses',
  },
  {
    name: 'pcapng',
    title: 'Packet capture (pcapng)',
    extensions: ['pcapng'],
    alsoCalled: ['pcap'],
    shape: 'binary',
    carries:
      'payloads that are not text, as packets, with their wall clock; index, CPU, level, process, type and remarks in a comment; losses as numbers of dropped packets',
  },
  {
    name: 'html',
    title: 'HTML report',
    extensions: ['html', 'htm'],
    alsoCalled: ['htm'],
    shape: 'document',
    carries: 'index, time, CPU, level, source, process, message, to read and filter in a browser; losses',
  },
  {
    name: 'markdown',
    title: 'Markdown table',
    extensions: ['md'],
    alsoCalled: ['md'],
    shape: 'lines',
    carries: 'index, time, CPU, level, source, process, message on one line, as it is shown; losses',
  },
] as const satisfies readonly ExportFormatFacts[];

export type ExportFormat = (typeof EXPORT_FORMATS)[number]['name'];
/** Formats in which every row is a line of its own. */
export type LineFormat = Extract<(typeof EXPORT_FORMATS)[number], { shape: 'lines' }>['name'];

export const EXPORT_FORMAT_NAMES: readonly ExportFormat[] = EXPORT_FORMATS.map(({ name }) => name);
export const LINE_FORMAT_NAMES: readonly LineFormat[] = EXPORT_FORMATS.filter(({ shape }) => shape === 'lines').map(
  ({ name }) => name as LineFormat,
);

/** The entry of a format. */
export function formatFacts(format: ExportFormat): ExportFormatFacts {
  return EXPORT_FORMATS.find(({ name }) => name === format) as ExportFormatFacts;
}

/** The format with that name or alternative name; null if there is none. */
export function formatNamed(name: string): ExportFormat | null {
  const wanted = name.toLowerCase();
  const found = (EXPORT_FORMATS as readonly ExportFormatFacts[]).find(
    (format) => format.name === wanted || format.alsoCalled.includes(wanted),
  );
  return (found?.name as ExportFormat | undefined) ?? null;
}

/** The format that the extension of a path stands for; null if it stands for none. */
export function formatOfPath(path: string): ExportFormat | null {
  const ending = /\.([^./\\]+)$/.exec(path)?.[1];
  if (ending === undefined) return null;
  const formats = EXPORT_FORMATS as readonly ExportFormatFacts[];
  // `.LOG` in capitals is what DebugView writes; `.log` may be any text.
  const found =
    formats.find(({ extensions }) => extensions.includes(ending)) ??
    formats.find(({ extensions }) => extensions.some((each) => each.toLowerCase() === ending.toLowerCase()));
  return (found?.name as ExportFormat | undefined) ?? null;
}

/** The filters of a save dialog: the chosen format first, then the others that may be chosen there instead. */
export function saveFilters(
  format: ExportFormat,
  others: readonly ExportFormat[] = [],
): readonly { readonly name: string; readonly extensions: string[] }[] {
  const formats = [format, ...others.filter((each) => each !== format)].map(formatFacts);
  return [
    ...formats.map(({ title, extensions }) => ({ name: title, extensions: [...extensions] })),
    { name: 'All files', extensions: ['*'] },
  ];
}
