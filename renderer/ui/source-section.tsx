/** Facts about each source: its producer, its rings or its file, and which parts of the file are broken. */
import { Button } from '@fluentui/react-components';
import { Fragment, useMemo } from 'react';
import { ENCODING_NAMES, ENCODINGS, type EncodingName } from '../../electron/contract/encodings.ts';
import { isExplained, isReadable } from '../../electron/contract/merging.ts';
import { movedText } from '../../electron/contract/moved-time.ts';
import type { FileFigures, SourceStatus } from '../../electron/contract/status.ts';
import { brokenText, encodingText } from '../model/file-state.ts';
import { formatBytes, formatCount } from '../model/format.ts';
import { oneSourceWords, sourceWords } from '../model/source-state.ts';
import { keyFor } from '../store/commands.ts';
import { useApp, useCapture, useStatus } from './app-context.ts';
import { SourceOffset } from './source-offset.tsx';

export function Sources() {
  const sources = useStatus(({ status }) => status?.sources);
  const capturing = useStatus(({ status }) => status?.capturing ?? false);
  if (!sources || sources.length === 0) return <p className="none">{sourceWords(null).explanation}</p>;
  return sources.map((source) => (
    <Fragment key={source.id}>
      {sources.length > 1 && <h3 className="source-name">{source.name}</h3>}
      {(sources.length > 1 || source.statedNs !== undefined) && <InTime source={source} among={sources} />}
      <Source source={source} explanation={oneSourceWords(source, capturing).explanation} />
    </Fragment>
  ));
}

/** Where a source lies in time beside the others. Rows that cannot be read again stay where their clock has them. */
function InTime({ source, among }: { readonly source: SourceStatus; readonly among: readonly SourceStatus[] }) {
  const live = among.find(({ info }) => !isReadable(info));
  if (live === undefined) return <SourceOffset source={source} />;
  const why = live === source ? 'its rows were' : `those of ${live.name} were`;
  return (
    <p className="note source-fixed" data-testid={`source-fixed-${source.id}`}>
      Not to be moved in time: {why} captured live, and cannot be put into another order. Once this session is closed or
      cleared, its recording ({keyFor('sessions')}) can be merged with files.
    </p>
  );
}

type Fact = readonly [string, string];

const TIPS: Readonly<Record<string, string>> = {
  'put behind':
    'Its clock disagrees with that of the rows before it: so much was added to its times, so that they follow those',
};

function ringFacts({
  bytes,
  mode,
  order,
  sessionId,
  lostBefore: before,
}: NonNullable<SourceStatus['info']['ring']>): readonly Fact[] {
  return [
    ['ring of each', formatBytes(bytes)],
    ['when full', mode === 'drop' ? 'drops new records' : 'overwrites old records'],
    ['order', order === 'index' ? 'by global index' : 'by clock'],
    ...(sessionId === null ? [] : ([['ring session', sessionId]] as const)),
    ...(before === undefined ? [] : ([['lost before capture began', formatCount(before)]] as const)),
  ];
}

function fileFacts(path: string | null, file: FileFigures): readonly Fact[] {
  return [
    ...(path === null ? [] : ([['path', path]] as const)),
    ['size', file.totalBytes === null ? 'not known' : formatBytes(file.totalBytes)],
    ['read', `${formatBytes(file.readBytes)}${file.ended ? ', to its end' : ''}`],
    ['format', file.format ?? 'not known yet'],
    ...(encodingText(file) === null ? [] : ([['encoding', encodingText(file) ?? '']] as const)),
    ['problems', formatCount(file.broken.count)],
  ];
}

/** The most broken places that are listed. */
const BROKEN_SHOWN = 20;

function BrokenList({ broken: { count, places } }: { readonly broken: FileFigures['broken'] }) {
  if (count === 0) return null;
  const shown = places.slice(0, BROKEN_SHOWN);
  return (
    <ul className="note broken-places" data-testid="broken-places">
      {shown.map((place) => (
        <li key={`${place.line ?? place.offset} ${place.problem}`}>{brokenText(place)}</li>
      ))}
      {count > shown.length && <li>and {formatCount(count - shown.length)} more</li>}
    </ul>
  );
}

function NoteList({ notes }: { readonly notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="note broken-places" data-testid="source-notes">
      {notes.slice(0, BROKEN_SHOWN).map((note) => (
        <li key={note}>{note}</li>
      ))}
      {notes.length > BROKEN_SHOWN && <li>and {formatCount(notes.length - BROKEN_SHOWN)} more</li>}
    </ul>
  );
}

/** Has a text file read again in another encoding, where a byte order mark does not say which it is. */
function EncodingChoice({ id, file }: { readonly id: number; readonly file: FileFigures }) {
  const app = useApp();
  const busy = useCapture((capture) => capture.busy);
  const { encoding, encodingBy } = file;
  if (encodingBy === 'mark') return null;
  const known = ENCODING_NAMES.find((name) => name === encoding);
  return (
    <label className="encoding-choice note">
      Read again as{' '}
      <select
        className="field"
        aria-label="Encoding"
        title="Reads the file again in another encoding"
        disabled={busy}
        value={encodingBy === 'chosen' && known !== undefined ? known : 'auto'}
        data-testid="encoding-choice"
        onChange={(event) => void app.merging.readAs(id, event.target.value as EncodingName)}
      >
        {ENCODINGS.map(([name, title]) => (
          <option key={name} value={name}>
            {name === 'auto' && encodingBy !== 'chosen' ? `guessed: ${encoding}` : `${name} – ${title}`}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Has a trace or an event log read with files that have the words of its events. */
function EventsButton({ id }: { readonly id: number }) {
  const app = useApp();
  const busy = useCapture((capture) => capture.busy);
  return (
    <p className="note">
      <Button
        size="small"
        title="Chooses a PDB, TMF files, a manifest or a driver that have the words of its events, and reads it again by them. They are used for other traces, too"
        disabled={busy}
        data-testid="explain-events"
        onClick={() => void app.merging.explainEvents(id, 'files')}
      >
        Explain events…
      </Button>{' '}
      <Button
        size="small"
        title="Chooses a folder of them, or a symbol store, and reads it again by what is there. It is used for other traces, too"
        disabled={busy}
        data-testid="explain-events-folder"
        onClick={() => void app.merging.explainEvents(id, 'folder')}
      >
        By a folder…
      </Button>
    </p>
  );
}

function Source({ source, explanation }: { readonly source: SourceStatus; readonly explanation: string }) {
  const { info } = source;
  // Memoised, because formatting a date takes half a millisecond and the status arrives four times a second.
  const began = useMemo(() => new Date(info.startUnixMs).toLocaleString(), [info.startUnixMs]);
  const facts: readonly Fact[] = [
    ['writer', info.producer],
    ['records', formatCount(source.records)],
    ['lost', formatCount(source.lost)],
    ...(info.cpuCount > 0 ? ([['CPUs', formatCount(info.cpuCount)]] as const) : []),
    ...(info.machine === undefined ? [] : ([['machine', info.machine]] as const)),
    ...(info.ring === undefined ? [] : ringFacts(info.ring)),
    ...(source.file === undefined ? [] : fileFacts(info.file?.path ?? null, source.file)),
    ['began', began],
    ...(source.followNs === undefined ? [] : ([['put behind', movedText(source.followNs)]] as const)),
  ];
  return (
    <>
      <p className="note">{explanation}</p>
      <table className="numbers facts">
        <tbody>
          {facts.map(([name, value]) => (
            <tr key={name} {...(name in TIPS ? { title: TIPS[name] } : {})}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {source.file?.encodingBy !== undefined && typeof info.file?.path === 'string' && (
        <EncodingChoice id={source.id} file={source.file} />
      )}
      {isExplained(source.file?.format ?? null) && typeof info.file?.path === 'string' && (
        <EventsButton id={source.id} />
      )}
      {source.file && <BrokenList broken={source.file.broken} />}
      {source.notes && <NoteList notes={source.notes} />}
    </>
  );
}
