/** Chooses the theme. The main process applies it, and the page follows through the media query. */
import { Button, Menu, MenuItemRadio, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { DarkThemeRegular } from '@fluentui/react-icons';
import type { Theme } from '../../electron/contract/app.ts';
import { useApp, useUi } from './app-context.ts';

const THEMES: readonly { readonly theme: Theme; readonly label: string }[] = [
  { theme: 'system', label: 'As the system' },
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
];

export function ThemeMenu() {
  const app = useApp();
  const theme = useUi((ui) => ui.theme);
  return (
    <Menu
      checkedValues={{ theme: [theme] }}
      onCheckedValueChange={(_, { checkedItems }) => {
        const chosen = THEMES.find((each) => each.theme === checkedItems[0]);
        if (chosen) app.setTheme(chosen.theme);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          size="small"
          appearance="subtle"
          icon={<DarkThemeRegular />}
          aria-label="Theme"
          title="Theme"
          data-testid="theme-menu"
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {THEMES.map(({ theme: value, label }) => (
            <MenuItemRadio key={value} name="theme" value={value} data-testid={`theme-${value}`}>
              {label}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
