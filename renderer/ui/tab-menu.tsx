/** What can be done with a view or a session from its tab, by a right click or the menu key. */
import { Menu, MenuItem, MenuList, MenuPopover } from '@fluentui/react-components';

export interface TabVerb {
  readonly id: string;
  readonly label: string;
  /** The key that does it for the active view. */
  readonly keys?: string;
  readonly run: () => void;
}

interface Props {
  readonly verbs: readonly TabVerb[];
  /** The tab. */
  readonly target: HTMLElement;
  readonly onClose: () => void;
}

export function TabMenu({ verbs, target, onClose }: Props) {
  return (
    <Menu
      open
      positioning={{ target, position: 'below', align: 'start' }}
      onOpenChange={(_, { open }) => {
        if (open) return;
        onClose();
        target.focus();
      }}
    >
      <MenuPopover>
        <MenuList data-testid="tab-menu">
          {verbs.map(({ id, label, keys, run }) => (
            <MenuItem
              key={id}
              data-testid={`tab-${id}`}
              {...(keys === undefined ? {} : { secondaryContent: keys })}
              onClick={run}
            >
              {label}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
