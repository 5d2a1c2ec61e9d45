/** The part of the columns' menu that offers fields of typed records: a menu for each type. */
import { Menu, MenuItem, MenuItemCheckbox, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { MOST_FIELD_COLUMNS } from '../../../electron/contract/field-columns.ts';
import { fieldLabel, type OfferedType, offeredFields } from '../../model/field-columns.ts';
import { useApp, useColumnChoice, useSchemas, useView } from '../app-context.ts';

const NONE: readonly string[] = [];

export function FieldsMenu() {
  const types = useSchemas(({ schemas }) => schemas.types);
  const seen = useView((view) => view.seen.types);
  const chosen = useColumnChoice().fields ?? NONE;
  const offered = offeredFields(types, seen);
  if (offered.length === 0) return null;
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <MenuItem data-testid="fields-menu">Fields of records</MenuItem>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {offered.map((each) => (
            <TypeMenu key={each.type.type} offered={each} chosen={chosen} />
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function TypeMenu({ offered, chosen }: { readonly offered: OfferedType; readonly chosen: readonly string[] }) {
  const { columns } = useApp();
  const { type, fields } = offered;
  const own = fields.filter(({ name }) => chosen.includes(name)).map(({ name }) => name);
  const full = chosen.length >= MOST_FIELD_COLUMNS;
  return (
    <Menu
      checkedValues={{ fields: own }}
      onCheckedValueChange={(_, { checkedItems }) => {
        for (const { name } of fields) {
          const wanted = checkedItems.includes(name);
          if (wanted !== own.includes(name)) columns.setField(name, wanted);
        }
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <MenuItem secondaryContent={own.length === 0 ? null : `${own.length}`}>{type.name}</MenuItem>
      </MenuTrigger>
      <MenuPopover className="fields-of-type">
        <MenuList>
          {fields.map(({ name, field }) => (
            <MenuItemCheckbox
              key={name}
              name="fields"
              value={name}
              disabled={full && !own.includes(name)}
              aria-label={fieldLabel(type.name, field.name)}
              title={
                full && !own.includes(name) ? `At most ${MOST_FIELD_COLUMNS} fields are columns` : field.description
              }
            >
              {field.name}
            </MenuItemCheckbox>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
