/** What can be done with a view or a session from its tab, by a right click or the menu key. */
import { MenuItem, MenuList, MenuPopover } from '@fluentui/react-components';
import { LateMenu } from './late-menu.tsx';

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
    <LateMenu target={target} onClose={onClose}>
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
    </LateMenu>
  );
}
