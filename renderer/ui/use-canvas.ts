/** A canvas that is painted when what it shows, its size or the theme changes, at the resolution of the screen. */
import { type RefObject, useEffect, useRef } from 'react';
import { useColours } from './use-dark.ts';

export type Paint = (
  element: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
) => void;

/** `paint` must stay the same function; it is called anew when one of `shown` changes. Sizes are pixels of the page. */
export function useCanvas(paint: Paint, shown: readonly unknown[]): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useColours();
  const draw = useRef(() => {});
  draw.current = () => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const { clientWidth: width, clientHeight: height } = element;
    const scale = window.devicePixelRatio;
    // Setting the width or height of a canvas clears it, and allocates its memory anew.
    if (element.width !== Math.round(width * scale)) element.width = Math.round(width * scale);
    if (element.height !== Math.round(height * scale)) element.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    paint(element, context, width, height);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown, and the colours of the theme
  useEffect(() => draw.current(), [scheme, ...shown]);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const observer = new ResizeObserver(() => draw.current());
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return canvas;
}
