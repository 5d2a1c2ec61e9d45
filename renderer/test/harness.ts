/**
 * The real interface over a log of computed rows, `?rows=100000000`: for measuring, and never part of the product build.
 */
import { computedWire } from './computed-wire.ts';

const rows = Number(new URLSearchParams(location.search).get('rows') ?? 1_000_000);
Object.assign(window, { ringview: computedWire(rows) });
// Not awaited: what both share may be bundled into this module, and then each would wait for the other.
void import('../main.tsx');
