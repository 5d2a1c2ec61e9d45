/** Records a second over the last two minutes. */
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatShort } from '../model/format.ts';
import { RATES_MS, type RateSample } from '../store/status.ts';
import { useApp, useStatus } from './app-context.ts';
import { axisOf, coloursOf } from './plot-look.ts';
import { useColours } from './use-dark.ts';

const HEIGHT_PX = 96;

/** Two series: seconds before the newest sample, and rates. */
function plotData(rates: readonly RateSample[]): [number[], number[]] {
  const newest = rates.at(-1)?.atMs ?? 0;
  return [rates.map((sample) => (sample.atMs - newest) / 1000), rates.map((sample) => sample.perSecond)];
}

function createPlot(element: HTMLElement): uPlot {
  const axis = axisOf(element);
  const [stroke = '', fill = ''] = coloursOf(element, ['--colorBrandForeground1', '--plot-fill']);
  return new uPlot(
    {
      width: Math.max(80, element.clientWidth),
      height: HEIGHT_PX,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: [-RATES_MS / 1000, 0] },
        y: { range: (_, __, max) => [0, Math.max(10, max * 1.1)] },
      },
      axes: [
        {
          ...axis,
          size: 18,
          gap: 2,
          splits: () => [-90, -60, -30, 0],
          values: (_, at) => at.map((s) => (s === 0 ? 'now' : `${s} s`)),
        },
        { ...axis, size: 40, gap: 4, values: (_, at) => at.map(formatShort) },
      ],
      series: [
        {},
        {
          stroke,
          fill,
          width: 1.5,
          points: { show: false },
        },
      ],
    },
    [[], []],
    element,
  );
}

export function RatePlot() {
  const app = useApp();
  const scheme = useColours();
  const element = useRef<HTMLDivElement>(null);
  const rate = useStatus(({ status }) => formatShort(status?.perSecond ?? 0));

  // biome-ignore lint/correctness/useExhaustiveDependencies: a plot takes its colours once, so a new theme needs a new plot
  useEffect(() => {
    const host = element.current;
    if (!host) return;
    const plot = createPlot(host);
    let shown = true;
    const draw = () => {
      if (shown) plot.setData(plotData(app.status.store.getState().rates));
    };
    draw();
    // Drawn a frame later than the figures, whose own work fills their frame.
    const end = app.status.store.subscribe(() => app.frames.draw(() => app.frames.draw(draw)));
    const resized = new ResizeObserver(() =>
      plot.setSize({ width: Math.max(80, host.clientWidth), height: HEIGHT_PX }),
    );
    resized.observe(host);
    return () => {
      shown = false;
      end();
      resized.disconnect();
      plot.destroy();
    };
  }, [app, scheme]);

  return (
    <div
      ref={element}
      className="plot"
      role="img"
      aria-label={`Records a second over the last two minutes, now ${rate}`}
      data-testid="rate-plot"
    />
  );
}
