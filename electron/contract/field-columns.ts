/**
 * Fields of typed records as columns of the table. A column is called by its type and its field, `network.remote_port`,
 * whatever a filter may call it: a name that a schema brings later must not make it mean something else.
 */
import { list, reject, text } from './check.ts';

/** The most fields that are columns at a time. */
export const MOST_FIELD_COLUMNS = 8;
/** The longest text of such a cell, UTF-16 units; the details have all of it. */
export const MOST_FIELD_TEXT = 256;
/** A type, and ten names that lie within each other, of 64 characters each. */
const MOST_NAME = 11 * 65;
const NAME = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;

/** Whether a text can be the name of such a column. */
export const isFieldName = (name: string): boolean => name.length <= MOST_NAME && NAME.test(name);

/** What the column of a field is called. */
export const fieldName = (type: string, field: string): string => `${type}.${field}`;

/** The column of a field among those of a table. */
export type FieldColumnId = `field:${string}`;

const FIELD = 'field:';
export const fieldColumnId = (name: string): FieldColumnId => `${FIELD}${name}`;

export const isFieldColumn = (id: string): id is FieldColumnId => id.startsWith(FIELD);

/** The name of the field that a column is of. */
export const nameOfField = (id: FieldColumnId): string => id.slice(FIELD.length);

/** Checks a list of such names. Whether a schema knows them is not asked here: one that none knows has no values. */
export const fieldNames = (value: unknown): readonly string[] =>
  list(value, MOST_FIELD_COLUMNS, 'fields', (each) => {
    const name = text(each, 'fields');
    return isFieldName(name) ? name : reject('fields: the type and the name of a field were expected');
  });

/** The names that a request has, if it has any. */
export const fieldsOf = (fields: unknown): { readonly fields?: readonly string[] } =>
  fields === undefined ? {} : { fields: fieldNames(fields) };
