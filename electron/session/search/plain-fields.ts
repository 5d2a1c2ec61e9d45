/** What a term about a field says of one record, by the plain reading of its bytes: the twin of match-field.ts. */
import { decodePlainly } from '../../../native/decode/schema/plain.ts';
import { type Value, valueText } from '../../../native/decode/schema/value-text.ts';
import type { FieldTerm } from '../../contract/filter/tree.ts';
import { schemaOfType } from '../text/schemas.ts';
import { fieldTests, isHex } from './field-tests.ts';

/** All values at the end of steps through structs and arrays. */
function valuesAt(value: Value, steps: readonly (number | null)[]): readonly Value[] {
  const [step, ...others] = steps;
  if (step === undefined) return [value];
  if (value === null) return [null];
  const within = value as readonly Value[];
  return (step === null ? within : [within[step] ?? null]).flatMap((each) => valuesAt(each, others));
}

function plainValues(type: number, payload: Uint8Array): readonly Value[] | null {
  const known = schemaOfType(type);
  const decoded = known === undefined ? null : decodePlainly(known.type, payload);
  return decoded !== null && 'values' in decoded ? decoded.values : null;
}

export function holdsField(term: FieldTerm, type: number, payload: Uint8Array): boolean {
  const tests = fieldTests(term);
  if (!tests.ok) throw new Error(tests.failure.message);
  const values = plainValues(type, payload);
  const mine = tests.value.filter(({ known }) => known.type.type === type);
  return values !== null && mine.some(({ leaf, test }) => valuesAt(values, leaf.steps).some(test));
}

/** Status codes in the fields of a record. */
export function plainStatuses(type: number, payload: Uint8Array): readonly number[] {
  const values = plainValues(type, payload);
  const leaves = schemaOfType(type)?.leaves ?? [];
  if (values === null) return [];
  return leaves
    .filter(({ of }) => of.kind === 'status')
    .flatMap(({ steps }) => valuesAt(values, steps))
    .filter((value) => typeof value === 'number');
}

/** Addresses and the like in the fields of a record. */
export function plainHexes(type: number, payload: Uint8Array): readonly bigint[] {
  const values = plainValues(type, payload);
  const leaves = schemaOfType(type)?.leaves ?? [];
  if (values === null) return [];
  return leaves
    .filter(({ of }) => isHex(of))
    .flatMap(({ of, steps }) =>
      valuesAt(values, steps).flatMap((value) => (value === null ? [] : valueText(of, value))),
    )
    .map((text) => BigInt(text));
}
