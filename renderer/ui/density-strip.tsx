/**
 * The overview beside the scroll bar: the whole log from its oldest row to its newest, with losses, bursts of errors and
 * warnings, and matches at their places, bookmarks as notches at its left edge, and a frame around what the table shows.
 * A click or a drag scrolls there.
 */
import { type PointerEvent, useCallback, useEffect, useMemo, useRef } from 'react';
import type { Density } from '../../electron/contract/density.ts';
import { isMarkedAt, STRIP_MARK_PX, stripMarks } from '../model/bookmarks.ts';
import { countsAt, hitBars, LEAST_BAR_PX, positionAt, stripBars, topAtStrip, windowOnStrip } from '../model/density.ts';
import { formatPlural } from '../model/format.ts';
import { onceAFrame } from '../model/frames.ts';
import { useApp, useDensity, useMarking, useView } from './app-context.ts';
import { coloursOf } from './plot-look.ts';
import { useColours } from './use-dark.ts';
import { TABLE_ID } from './use-keys.ts';

const COLOURS = ['--error', '--warning', '--loss', '--colorBrandForeground1', '--bookmark', '--chrome'] as const;
/** Matches are drawn in the middle, which bars of errors and warnings reach only if there are many. */
const HIT_PX = 5;
/** The smallest height of a loss marker, so that it is visible in a log of any length. */
const LEAST_LOSS_PX = 3;

/** A triangle that points into the strip, with an edge that tells it from whatever lies beneath. */
function drawNotch(context: CanvasRenderingContext2D, y: number, colour: string, edge: string): void {
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(STRIP_MARK_PX, y + STRIP_MARK_PX / 2);
  context.lineTo(0, y + STRIP_MARK_PX);
  context.closePath();
  context.lineWidth = 2;
  context.strokeStyle = edge;
  context.stroke();
  context.fillStyle = colour;
  context.fill();
}

/** Few errors or warnings are drawn faint, many strong. */
const strength = (amount: number): number => 0.35 + 0.65 * amount;

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

export function DensityStrip() {
  const empty = useView((view) => view.end === view.first);
  return empty ? <div className="strip" /> : <Strip />;
}

function Strip() {
  const app = useApp();
  const strip = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const density = useDensity((state) => state.density);
  const hits = useDensity((state) => state.hits);
  const places = useMarking((state) => state.places);
  const placed = useMarking((state) => state.generation);
  const marked = useMemo(() => [...(places?.values() ?? [])].flatMap(({ position }) => position ?? []), [places]);
  /** Where the marks of bookmarks were drawn. */
  const tops = useRef<readonly number[]>([]);
  /** What was last said of the place under the pointer. */
  const here = useRef('');
  const scheme = useColours();
  /** Remembered, because reading the size in the middle of a frame would make the browser lay out the page again. */
  const size = useRef({ width: 0, height: 0 });
  const colours = useRef<readonly string[] | null>(null);

  const placeFrame = useCallback(() => {
    if (!frame.current) return;
    const { y, height } = windowOnStrip(app.view.store.getState(), size.current.height);
    frame.current.style.transform = `translateY(${y}px)`;
    frame.current.style.height = `${height}px`;
  }, [app]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the theme
  useEffect(() => {
    colours.current = null;
  }, [scheme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the theme
  const draw = useCallback(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const { width, height } = size.current;
    const scale = window.devicePixelRatio;
    // Setting the width or height of a canvas clears it, and allocates its memory anew.
    if (element.width !== Math.round(width * scale)) element.width = Math.round(width * scale);
    if (element.height !== Math.round(height * scale)) element.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    // Positions of another generation would be other rows here.
    tops.current = density?.generation === placed ? stripMarks(marked, density, height) : [];
    if (!density) return;
    colours.current ??= coloursOf(element, COLOURS);
    const [error, warning, loss, hit, mark, paper] = colours.current as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const bars = stripBars(density, height);
    const most = width - 2;
    // Warnings grow from the right and errors from the left, so that neither hides that there are others.
    context.fillStyle = warning;
    for (const bar of bars) {
      context.globalAlpha = strength(bar.warnings);
      context.fillRect(1 + most * (1 - bar.warnings), bar.y, most * bar.warnings, bar.height);
    }
    context.fillStyle = error;
    for (const bar of bars) {
      context.globalAlpha = strength(bar.errors);
      context.fillRect(1, bar.y, most * bar.errors, bar.height);
    }
    context.globalAlpha = 1;
    context.fillStyle = loss;
    for (const bar of bars) {
      if (!bar.lossy) continue;
      const y = Math.min(bar.y, height - LEAST_LOSS_PX);
      context.fillRect(0, y, width, Math.max(LEAST_LOSS_PX, bar.height));
    }
    context.fillStyle = hit;
    for (const { y, height: tall } of hitBars(hits ?? [], height))
      context.fillRect(Math.round((width - HIT_PX) / 2), y, HIT_PX, tall);
    for (const y of tops.current) drawNotch(context, y, mark, paper);
  }, [density, hits, marked, placed, scheme]);

  const latest = useRef(draw);
  const ask = useMemo(() => onceAFrame(app.frames.draw, () => latest.current()), [app]);
  useEffect(() => {
    latest.current = draw;
    ask();
  }, [draw, ask]);
  useEffect(() => {
    placeFrame();
    // Without React, because this runs for every frame in which the table moves, and only moves one element.
    return app.view.store.subscribe(onceAFrame(app.frames.draw, placeFrame));
  }, [app, placeFrame]);
  useEffect(() => {
    const element = strip.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      size.current = { width: element.clientWidth, height: element.clientHeight };
      app.density.setBuckets(Math.floor(element.clientHeight / LEAST_BAR_PX));
      latest.current();
      placeFrame();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [app, placeFrame]);
  useEffect(() => () => app.density.setBuckets(0), [app]);

  const yOf = (event: PointerEvent) => event.clientY - (strip.current?.getBoundingClientRect().top ?? 0);
  const go = (event: PointerEvent) => {
    if (strip.current) app.view.scrollTo(topAtStrip(yOf(event), strip.current.clientHeight, app.view.store.getState()));
  };
  /** What is said of the place under the pointer; its time follows as soon as it is known. */
  const point = (event: PointerEvent<HTMLElement>, shown: Density) => {
    const strip = event.currentTarget;
    const y = yOf(event);
    app.density.point(positionAt(shown, y, strip.clientHeight));
    here.current = tipOf(countsAt(shown, y, strip.clientHeight), isMarkedAt(tops.current, y));
    tell();
  };
  const tell = useCallback(() => {
    const { pointed } = app.density.store.getState();
    if (strip.current) strip.current.title = `${pointed ? `${app.times.text(pointed.timeNs)}: ` : ''}${here.current}`;
  }, [app]);
  useEffect(() => app.density.store.subscribe((now, before) => now.pointed !== before.pointed && tell()), [app, tell]);
  const summary = density
    ? `${formatPlural(sum(density.errors), 'error')}, ${formatPlural(sum(density.warnings), 'warning')}, ` +
      formatPlural(sum(density.gaps), 'loss marker') +
      (hits ? `, ${formatPlural(sum(hits), 'matching row')}` : '') +
      (marked.length > 0 ? `, ${formatPlural(marked.length, 'bookmark')}` : '')
    : 'counting';

  return (
    <div className="strip">
      <div
        ref={strip}
        className="strip-track"
        // The table has the focus and its keys; as a second tab stop, the strip would only offer the same movements.
        tabIndex={-1}
        role="scrollbar"
        aria-label={`Overview of the rows shown: ${summary}`}
        aria-controls={TABLE_ID}
        aria-orientation="vertical"
        aria-valuenow={density ? Math.round(shownShare(app.view.store.getState()) * 100) : 0}
        data-testid="density-strip"
        data-rows={density ? density.end - density.first : 0}
        data-bookmarks={marked.length}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={(event) => {
          // A drag that began elsewhere, for instance a selection of text, is ignored.
          if (event.currentTarget.hasPointerCapture(event.pointerId)) go(event);
          else if (density) point(event, density);
        }}
        onPointerLeave={() => app.density.point(null)}
        onWheel={(event) => app.view.scrollBy(Math.round(event.deltaY))}
      >
        <canvas ref={canvas} />
        <div ref={frame} className="strip-frame" />
      </div>
    </div>
  );
}

/** How far down the table is scrolled, 0..1. */
function shownShare(view: Parameters<typeof windowOnStrip>[0]): number {
  const whole = 1000;
  const { y, height } = windowOnStrip(view, whole);
  return height === whole ? 0 : y / (whole - height);
}

function tipOf({ errors, warnings, gaps }: ReturnType<typeof countsAt>, bookmarked: boolean): string {
  const parts = [
    bookmarked && 'a bookmark',
    gaps > 0 && `${formatPlural(gaps, 'place')} where records were lost`,
    errors > 0 && formatPlural(errors, 'error'),
    warnings > 0 && formatPlural(warnings, 'warning'),
  ].filter((part) => part !== false);
  return `${parts.length > 0 ? parts.join(', ') : 'no errors, warnings or losses'}. Click to go there`;
}
