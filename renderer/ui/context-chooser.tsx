/**
 * Chooses how many rows of the log are shown around each match, beside the count of matches. It is there while a filter
 * hides something: without one there is nothing around matches that is not shown.
 */
import {
  Menu,
  MenuGroup,
  MenuGroupHeader,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { isFiltering } from '../store/filter.ts';
import { useApp, useFilter } from './app-context.ts';

const CHOICES: readonly number[] = [0, 1, 2, 3, 5, 10, 20, 50, 100];

const inWords = (rows: number): string => (rows === 0 ? 'Matches only' : rows === 1 ? '1 row' : `${rows} rows`);

export function ContextChooser() {
  const app = useApp();
  const filtering = useFilter(isFiltering);
  const rows = useFilter((filter) => filter.applied.context ?? 0);
  if (!filtering) return null;
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <button
          type="button"
          className={`mini context-chooser${rows > 0 ? ' on' : ''}`}
          title="Rows of the log before and behind each match, dimmed, up to the next loss"
          aria-label={`Rows around matches: ${rows === 0 ? 'none' : rows}`}
          data-testid="context-chooser"
        >
          ±{rows > 0 ? rows : ''}
        </button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList
          checkedValues={{ context: [`${rows}`] }}
          onCheckedValueChange={(_, { checkedItems: [chosen] }) => app.filter.setContext(Number(chosen))}
        >
          <MenuGroup>
            <MenuGroupHeader>Before and behind each match</MenuGroupHeader>
            {CHOICES.map((choice) => (
              <MenuItemRadio key={choice} name="context" value={`${choice}`} data-testid={`context-${choice}`}>
                {inWords(choice)}
              </MenuItemRadio>
            ))}
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
