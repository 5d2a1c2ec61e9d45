/**
 * A pane whose code is loaded when it is first needed, or ahead of that while the window has nothing else to do. Without a
 * Suspense: React waits 300 ms before it shows what one was waiting for, so that the first look at each pane took that long.
 */
import { type ComponentType, useEffect, useState } from 'react';

export interface LoadedPane {
  readonly Pane: ComponentType;
  /** Loads it now; again, does nothing. */
  readonly load: () => Promise<unknown>;
}

export function loadedPane(load: () => Promise<ComponentType>): LoadedPane {
  let begun: Promise<ComponentType> | null = null;
  let loaded: ComponentType | null = null;
  const begin = (): Promise<ComponentType> => {
    begun ??= load().then((component) => {
      loaded = component;
      return component;
    });
    return begun;
  };
  function Pane() {
    const [Known, setKnown] = useState<ComponentType | null>(() => loaded);
    const [failure, setFailure] = useState<unknown>(null);
    useEffect(() => {
      if (Known === null) begin().then((component) => setKnown(() => component), setFailure);
    }, [Known]);
    // A part of the program that cannot be loaded is a defect of it, which whoever holds the page tells.
    if (failure !== null) throw failure;
    return Known === null ? null : <Known />;
  }
  return { Pane, load: begin };
}
