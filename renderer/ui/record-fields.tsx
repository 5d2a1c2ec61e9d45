/** The fields of a typed record in the details: name, value, what else is known of it, where its bytes lie. A click filters by one, another makes it a column. */
import { TableInsertColumnRegular } from '@fluentui/react-icons';
import type { DetailField, DetailRecord } from '../../electron/contract/schemas.ts';
import { shownField, shownLines } from '../../electron/contract/shown-text.ts';
import { fieldTerm } from '../model/field-term.ts';
import { useApp, useColumnChoice } from './app-context.ts';

export function RecordFields({ record }: { readonly record: DetailRecord }) {
  const { fields, more, misfit } = record;
  if (misfit !== null) {
    return (
      <p className="note" data-testid="details-misfit">
        The schema of {shownField(record.type)} does not fit: {shownField(misfit)}
      </p>
    );
  }
  return (
    <table className="record-fields" data-testid="details-record" aria-label={`Fields of ${record.type}`}>
      <tbody>
        {fields.map((field, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: fields have no other name and are all made anew
          <FieldRow key={at} field={field} />
        ))}
        {more > 0 && (
          <tr>
            <td colSpan={5} className="record-value quiet">
              and {more} more
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function ColumnSwitch({ name, field }: { readonly name: string; readonly field: string }) {
  const { columns } = useApp();
  const shown = useColumnChoice().fields?.includes(name) ?? false;
  const words = shown ? `Hide the column of ${field}` : `Show ${field} as a column of the table`;
  return (
    <button
      type="button"
      className="link column-switch"
      aria-pressed={shown}
      aria-label={`Show ${field} as column`}
      title={words}
      onClick={() => columns.setField(name, !shown)}
    >
      <TableInsertColumnRegular fontSize={16} aria-hidden />
    </button>
  );
}

function FieldRow({ field }: { readonly field: DetailField }) {
  const { filter } = useApp();
  const { name, value, meaning, description, offset, bytes, depth, absent, term, column } = field;
  const shown = absent ? 'not in this version' : shownLines(value);
  const only = absent || term === null ? null : fieldTerm(term, value);
  return (
    <tr title={description === '' ? undefined : description}>
      <th scope="row" className="record-name" style={{ paddingInlineStart: `${depth}em` }}>
        {name}
      </th>
      <td className={absent ? 'record-value quiet' : 'record-value'}>
        {only !== null ? (
          <button
            type="button"
            className="link"
            title={`Show only records with ${term}:${value}`}
            onClick={() => filter.addTerm(only, false)}
          >
            {shown}
          </button>
        ) : (
          shown
        )}
      </td>
      <td className="record-value quiet">{meaning}</td>
      <td className="record-place quiet">
        {bytes === 0 ? '' : `${offset.toString(16).padStart(4, '0')}  ${bytes} byte${bytes === 1 ? '' : 's'}`}
      </td>
      <td className="record-value">{column !== null && <ColumnSwitch name={column} field={name} />}</td>
    </tr>
  );
}
