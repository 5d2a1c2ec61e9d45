/** A part of a pane with its title. It scrolls itself into view when something in the window asks for it. */
import { type ReactNode, useEffect, useRef } from 'react';
import type { Section as SectionId } from '../../model/panes.ts';
import { useUi } from '../app-context.ts';

interface SectionProps {
  readonly id: SectionId;
  readonly title: string;
  readonly children: ReactNode;
}

export function Section({ id, title, children }: SectionProps) {
  const element = useRef<HTMLElement>(null);
  const request = useUi(({ reveal }) => (reveal?.section === id ? reveal.request : 0));
  useEffect(() => {
    if (request > 0) element.current?.scrollIntoView({ block: 'nearest' });
  }, [request]);
  return (
    <section
      ref={element}
      className={`section section-${id}${request > 0 ? ' asked' : ''}`}
      key={request}
      aria-label={title}
      data-testid={`stats-${id}`}
    >
      <h2>{title}</h2>
      {children}
    </section>
  );
}
