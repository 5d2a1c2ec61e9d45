/** A canvas that is painted when what it shows, its size or the theme changes, at the resolution of the screen. */
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { onceAFrame } from '../model/frames.ts';
import { useApp } from './app-context.ts';
import { useColours } from './use-dark.ts';

export type Paint = (
  element: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
) => void;

/**
 * `paint` must stay the same function; it is called anew when one of `shown` changes, once a frame. Sizes are pixels of
 * the page. They are told by the browser with its own layout: to ask for them would make it lay the page out at once.
 */
export function useCanvas(paint: Paint, shown: readonly unknown[]): RefObject<HTMLCanvasElement | null> {
  const { frames } = useApp();
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useRef<{ readonly width: number; readonly height: number } | null>(null);
  const scheme = useColours();
  const draw = useRef(() => {});
  draw.current = () => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || size.current === null) return;
    const { width, height } = size.current;
    const scale = window.devicePixelRatio;
    // Setting the width or height of a canvas clears it, and allocates its memory anew.
    if (element.width !== Math.round(width * scale)) element.width = Math.round(width * scale);
    if (element.height !== Math.round(height * scale)) element.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    paint(element, context, width, height);
  };
  const ask = useMemo(() => onceAFrame(frames.draw, () => draw.current()), [frames]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown, and the colours of the theme
  useEffect(ask, [ask, scheme, ...shown]);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    // The first size comes before the first frame with the canvas in it.
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      size.current = { width: Math.round(width), height: Math.round(height) };
      draw.current();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return canvas;
}
