/**
 * The time-line beside the chips: records a second over the last two minutes, while something is captured, as small as a
 * chip. It unfolds the lanes of the CPUs.
 */
import { ChevronDownRegular, ChevronUpRegular } from '@fluentui/react-icons';
import { useCallback, useRef } from 'react';
import { formatShort } from '../model/format.ts';
import { tip } from '../store/commands.ts';
import { RATES_MS, type RateSample } from '../store/status.ts';
import { useRun, useStatus, useUi } from './app-context.ts';
import { coloursOf } from './plot-look.ts';
import { useCanvas } from './use-canvas.ts';

const LEAST_RATE = 10;

export function RateLine() {
  const run = useRun();
  const open = useUi((ui) => ui.pane === 'lanes');
  const live = useStatus(({ rates }) => rates.some(({ perSecond }) => perSecond > 0));
  const empty = useStatus(({ status }) => (status?.sources.length ?? 0) === 0);
  if (empty) return null;
  return (
    <button
      type="button"
      className="rate-line"
      aria-expanded={open}
      aria-label="CPU lanes"
      title={tip('pane.lanes')}
      data-testid="rate-line"
      onClick={() => run('pane.lanes')}
    >
      {live && <Line />}
      {open ? (
        <ChevronUpRegular fontSize={12} aria-hidden="true" />
      ) : (
        <ChevronDownRegular fontSize={12} aria-hidden="true" />
      )}
    </button>
  );
}

function Line() {
  const rates = useStatus((state) => state.rates);
  const latest = useRef(rates);
  latest.current = rates;
  const paint = useCallback(
    (element: HTMLCanvasElement, context: CanvasRenderingContext2D, width: number, height: number) => {
      const [stroke = '', fill = ''] = coloursOf(element, ['--colorBrandForeground1', '--plot-fill']);
      paintRates(context, latest.current, { width, height, stroke, fill });
    },
    [],
  );
  const canvas = useCanvas(paint, [rates]);
  const now = rates.at(-1)?.perSecond ?? 0;
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={`Records a second over the last two minutes, now ${formatShort(now)}`}
      data-testid="rate-line-plot"
    />
  );
}

interface Look {
  readonly width: number;
  readonly height: number;
  readonly stroke: string;
  readonly fill: string;
}

function paintRates(context: CanvasRenderingContext2D, rates: readonly RateSample[], look: Look): void {
  const { width, height, stroke, fill } = look;
  const newest = rates.at(-1)?.atMs ?? 0;
  const most = rates.reduce((max, { perSecond }) => Math.max(max, perSecond), LEAST_RATE);
  const x = ({ atMs }: RateSample): number => width * (1 + (atMs - newest) / RATES_MS);
  const y = ({ perSecond }: RateSample): number => height - 1 - (perSecond / most) * (height - 2);
  context.beginPath();
  for (const sample of rates) context.lineTo(x(sample), y(sample));
  context.strokeStyle = stroke;
  context.stroke();
  context.lineTo(width, height);
  context.lineTo(rates[0] === undefined ? 0 : x(rates[0]), height);
  context.fillStyle = fill;
  context.fill();
}
