/**
 * The line at the bottom: what is captured, how fast, how much is kept, what was lost. A click on a part opens its
 * explanation.
 */
import { type ReactNode, useEffect } from 'react';
import { brokenCount, filesText } from '../model/file-state.ts';
import { formatBytes, formatCount, formatPercent, formatPlural, formatRate, formatShort } from '../model/format.ts';
import { logWords } from '../model/log-form.ts';
import { lostBeforeWords } from '../model/lost-before.ts';
import type { Section } from '../model/panes.ts';
import { selectedCount } from '../model/selection.ts';
import { hasCaptured, hasRings, sourceWords } from '../model/source-state.ts';
import { selectionWords } from '../model/time-columns.ts';
import { keyFor } from '../store/commands.ts';
import { useApp, useMeasure, useRun, useStatus, useUi, useView } from './app-context.ts';
import { ExportPart } from './export-part.tsx';
import { NameEnds } from './name-ends.tsx';
import { useRovingFocus } from './roving-focus.ts';
import { WatchPart } from './watch-part.tsx';
import { WordPart } from './word-part.tsx';

/** One stop of the keyboard, along which arrows move. */
export function StatusBar() {
  const roving = useRovingFocus();
  return (
    <footer className="status" data-testid="status-bar">
      <div className="status-parts" role="toolbar" aria-label="Status" data-own-keys="" {...roving}>
        <SourcePart />
        <RatePart />
        <RowsPart />
        <LostPart />
        <LatePart />
        <RingPart />
        <FilePart />
        <MemoryPart />
        <EvictedPart />
        <HiddenPart />
        <LogPart />
        <WatchPart />
        <ExportPart />
        <InfoNotices />
        <WordPart />
        <SelectionPart />
        <PausedPart />
        <FollowPart />
      </div>
    </footer>
  );
}

interface PartProps {
  readonly section: Section;
  readonly name: string;
  readonly tip: string;
  readonly tone?: string;
  readonly onOpen?: () => void;
  readonly children: ReactNode;
}

function Part({ section, name, tip, tone, onOpen, children }: PartProps) {
  const app = useApp();
  return (
    <button
      type="button"
      className={`status-part${tone ? ` ${tone}` : ''}`}
      title={tip}
      data-testid={`status-${name}`}
      onClick={() => {
        app.ui.explain(section);
        onOpen?.();
      }}
    >
      {children}
    </button>
  );
}

/** Opens the facts about the source, below which the doctor's findings are. */
function SourcePart() {
  const app = useApp();
  const name = useStatus(({ status }) => sourceWords(status).name);
  const state = useStatus(({ status }) => sourceWords(status).state);
  const tone = useStatus(({ status }) => sourceWords(status).tone);
  const explanation = useStatus(({ status }) => sourceWords(status).explanation);
  return (
    <Part
      section="source"
      name="source"
      tip={explanation}
      tone={`tone-${tone}`}
      onOpen={() => {
        void app.doctor.run();
      }}
    >
      <span className="dot" aria-hidden="true" />
      <NameEnds name={name} /> <b>{state}</b>
    </Part>
  );
}

function RatePart() {
  const rate = useStatus(({ status }) => formatRate(status?.perSecond ?? 0));
  return (
    <Part section="rate" name="rate" tip="Records a second, over the last second">
      {rate}
    </Part>
  );
}

function RowsPart() {
  const records = useView((view) => formatPlural(view.sessionEntries, 'record'));
  return (
    <Part section="memory" name="rows" tip="Records held; lost ones are counted beside them">
      {records}
    </Part>
  );
}

function LostPart() {
  const lost = useStatus(({ status }) => status?.lost ?? 0);
  const captured = useStatus(({ status }) => hasCaptured(status));
  const before = useStatus(({ status }) => lostBeforeWords(status));
  const none = captured ? 'No record was lost' : 'Nothing has been captured yet';
  const marked = `Records that were lost, each marked in the log where it is missing; ${keyFor('nextLoss')} goes to the next`;
  return (
    <Part
      section="losses"
      name="lost"
      tip={`${lost > 0 ? marked : none}${before === '' ? '' : `. ${before}`}`}
      {...(lost > 0 ? { tone: 'bad' } : {})}
    >
      {formatCount(lost)} lost
    </Part>
  );
}

function LatePart() {
  const late = useStatus(({ status }) => status?.late ?? 0);
  if (late === 0) return null;
  return (
    <Part section="cpus" name="late" tip="Records delivered after newer ones; each is marked" tone="warn">
      {formatCount(late)} late
    </Part>
  );
}

function RingPart() {
  const ringed = useStatus(({ status }) => hasRings(status));
  const fill = useStatus(({ status }) => formatPercent(status?.ringFill ?? 0));
  const peak = useStatus(({ status }) => formatPercent(status?.peakRingFill ?? 0));
  if (!ringed) return null;
  return (
    <Part section="cpus" name="ring" tip={`Fill of the fullest ring at the last poll; highest seen: ${peak}`}>
      ring {fill}
    </Part>
  );
}

/** How far files were read; shown instead of the fill of rings, which files do not have. */
function FilePart() {
  const text = useStatus(({ status }) => filesText(status));
  const broken = useStatus(({ status }) => brokenCount(status));
  if (text === null) return null;
  const tip = 'How much of the files was read';
  if (broken === 0) {
    return (
      <Part section="source" name="file" tip={tip}>
        {text}
      </Part>
    );
  }
  const damage = formatPlural(broken, 'problem');
  return (
    <Part section="source" name="file" tip={`${tip}; ${damage}, what is readable was kept`} tone="warn">
      {text}, {damage}
    </Part>
  );
}

function MemoryPart() {
  const used = useStatus(({ status }) => formatBytes(status?.memoryBytes ?? 0));
  const run = useRun();
  const cap = useStatus(({ status }) => formatBytes(status?.memoryCapBytes ?? 0));
  const diskRows = useStatus(({ status }) => status?.retention.diskRows ?? 0);
  const diskBytes = useStatus(({ status }) => formatBytes(status?.retention.diskBytes ?? 0));
  const place = useStatus(({ status }) => status?.retention.place ?? null);
  const failed = useStatus(({ status }) => (status?.retention.failure ?? null) !== null);
  const disk = diskRows > 0 ? ` ${formatCount(diskRows)} rows lie on disk (${diskBytes}) in ${place}.` : '';
  return (
    <button
      type="button"
      className={`status-part${failed ? ' warn' : ''}`}
      title={`Memory of the rows held; at the cap the oldest rows go to disk.${disk} Click to change (${keyFor('retention')})`}
      data-testid="status-memory"
      onClick={() => run('retention')}
    >
      {used} of {cap}
      {diskRows > 0 && <span data-testid="status-disk">, {formatShort(diskRows)} rows on disk</span>}
    </button>
  );
}

/** Says that hidden rows are being dropped, for as long as that is so. */
function HiddenPart() {
  const app = useApp();
  const dropping = useStatus(({ status }) => (status?.retention.captureFilter ?? null) !== null);
  const hidden = useStatus(({ status }) => status?.retention.hiddenRows ?? 0);
  if (!dropping && hidden === 0) return null;
  return (
    <button
      type="button"
      className="status-part warn"
      title={`Rows that the capture filter hid when they arrived; they are gone. Click to change (${keyFor('retention')})`}
      data-testid="status-hidden"
      onClick={() => app.ui.setRetention(true)}
    >
      {formatCount(hidden)} hidden, not kept
    </button>
  );
}

/** The file that rows are written to as they come. */
function LogPart() {
  const run = useRun();
  const log = useStatus(({ status }) => status?.fileLog ?? null);
  if (log === null) return null;
  const tone = log.state === 'failed' ? ' bad' : log.missedRows > 0 ? ' warn' : '';
  return (
    <button
      type="button"
      className={`status-part status-log${tone}`}
      title={`Rows are written to ${log.name} in ${log.place} as they come. Click to stop (${keyFor('logToFile')})`}
      data-testid="status-log"
      data-state={log.state}
      onClick={() => run('logToFile')}
    >
      {logWords(log)}
    </button>
  );
}

function EvictedPart() {
  const evicted = useStatus(({ status }) => status?.evictedRecords ?? 0);
  if (evicted === 0) return null;
  return (
    <Part
      section="memory"
      name="evicted"
      tip="Oldest records dropped, as the retention settings have it or because the disk is full"
    >
      {formatCount(evicted)} oldest dropped
    </Part>
  );
}

const INFO_MS = 6_000;

/** Short-lived notices about what was just done; the space for them also separates the parts to the left and right. */
function InfoNotices() {
  const { dismiss } = useApp().ui;
  const notice = useUi(({ notices }) => notices.findLast((each) => each.severity === 'info'));
  const id = notice?.id;
  useEffect(() => {
    if (id === undefined) return;
    const timer = setTimeout(() => dismiss(id), INFO_MS);
    return () => clearTimeout(timer);
  }, [dismiss, id]);
  return (
    <span className="status-space" role="status">
      {notice && (
        // A narrow window cuts it.
        <span data-testid="notice" title={`${notice.message} ${notice.action}`.trim()}>
          {notice.message} {notice.action}
        </span>
      )}
    </span>
  );
}

/** How long the selection is, or how far the selected row is from the one that is measured from. */
function SelectionPart() {
  const app = useApp();
  const digits = useUi((ui) => ui.times.digits);
  const reference = useMeasure((measure) => measure.reference);
  const ends = useMeasure((measure) => measure.ends);
  const rows = useView((view) => selectedCount(view.selection));
  const words =
    ends === null
      ? null
      : selectionWords({ ...ends, rows, isReference: ends.firstRow === reference?.row }, reference, digits);
  if (words === null) return null;
  const several = rows > 1;
  return (
    <button
      type="button"
      className="status-part"
      title={`${several ? 'Rows selected, and the time from the first to the last of them' : 'Time from the row you measure from to the selected one'}. Click to go there`}
      data-testid="status-selection"
      onClick={app.revealSelection}
    >
      {words}
    </button>
  );
}

function PausedPart() {
  const app = useApp();
  const paused = useView((view) => view.paused);
  const heldBack = useView((view) => view.heldBack);
  if (!paused) return null;
  return (
    <button
      type="button"
      className="status-part warn"
      title={`The view stands still; capturing goes on. Resume with ${keyFor('togglePause')}`}
      data-testid="status-paused"
      onClick={() => app.view.setPaused(false)}
    >
      paused, {formatCount(heldBack)} held back
    </button>
  );
}

function FollowPart() {
  const app = useApp();
  const paused = useView((view) => view.paused);
  // A paused view does not move, even at its end, so it does not count as following.
  const follow = useView((view) => view.follow && !view.paused);
  return (
    <button
      type="button"
      className={`status-part follow${follow ? ' on' : ''}`}
      aria-pressed={follow}
      title={
        follow
          ? 'The newest row stays in view; scroll up to stand still'
          : paused
            ? 'Paused: resume, go to the newest row and follow'
            : `Go to the newest row and follow (${keyFor('follow')})`
      }
      data-testid="status-follow"
      onClick={() => {
        if (paused) app.view.setPaused(false);
        app.view.setFollow(!follow);
      }}
    >
      {follow ? 'following' : 'not following'}
    </button>
  );
}
