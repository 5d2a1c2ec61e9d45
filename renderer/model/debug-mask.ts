/** Masks of the debug print filter while a person edits them. Pure. */
import { type DebugFilter, type DebugMask, MASK_LEVELS } from '../../electron/contract/machine.ts';

/** Masks that a person has changed, by component. */
export type MaskDraft = Readonly<Record<string, number>>;

export interface MaskRow {
  readonly component: string;
  /** The mask as it would be written. */
  readonly mask: number;
  readonly levels: readonly MaskLevel[];
  /** Whether it differs from the registry. */
  readonly changed: boolean;
}

export interface MaskLevel {
  readonly name: string;
  readonly bit: number;
  readonly on: boolean;
  /** Passes whatever the mask says, because Windows adds it. */
  readonly forced: boolean;
}

/** Errors pass for every component. */
const EVERYWHERE = 1;

/** The rows of the editor: the registry's masks with the draft's changes, then components that only the draft has. */
export function maskRows(filter: DebugFilter, draft: MaskDraft): MaskRow[] {
  const own = new Set(filter.masks.map(({ component }) => component));
  const added = Object.keys(draft).filter((component) => !own.has(component));
  return [...filter.masks, ...added.map((component) => unset(filter, component))].map((stored) => {
    const mask = draft[stored.component] ?? stored.mask ?? 0;
    const always = (stored.effective & ~(stored.mask ?? 0)) | EVERYWHERE;
    const levels = MASK_LEVELS.map(([name, bit]) => ({
      name,
      bit,
      on: ((mask | always) & bit) !== 0,
      forced: (always & bit) !== 0,
    }));
    return { component: stored.component, mask, levels, changed: mask !== (stored.mask ?? 0) };
  });
}

function unset(filter: DebugFilter, component: string): DebugMask {
  const everyone = filter.masks.find((mask) => mask.component === 'WIN2000')?.mask ?? 0;
  return { component, mask: null, effective: (everyone | EVERYWHERE) >>> 0 };
}

/** `mask` with a level on or off; the other bits stay. */
export function withLevel(mask: number, bit: number, on: boolean): number {
  return (on ? mask | bit : mask & ~bit) >>> 0;
}

/** The masks that saving has to write. */
export function changedMasks(filter: DebugFilter, draft: MaskDraft): { component: string; mask: number }[] {
  return maskRows(filter, draft)
    .filter(({ changed }) => changed)
    .map(({ component, mask }) => ({ component, mask }));
}

/** Components that can still be added. */
export function otherComponents(filter: DebugFilter, draft: MaskDraft): string[] {
  const shown = new Set(maskRows(filter, draft).map(({ component }) => component));
  return filter.components.filter((component) => !shown.has(component));
}

export function hexMask(mask: number): string {
  return `0x${mask.toString(16)}`;
}
