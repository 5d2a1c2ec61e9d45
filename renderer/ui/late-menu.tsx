/**
 * A menu that is made when it opens. One of the library is made with the button that opens it, and takes longer than that: the
 * head of a table has one for each of its columns, and each view has a head.
 */
import { Menu, type MenuProps } from '@fluentui/react-components';
import { type KeyboardEvent, type MouseEvent, type ReactElement, useRef, useState } from 'react';

/** Where a menu is open, and what the button that opens it needs. */
export interface LateMenuState {
  /** The button at which it is open; null while it is closed. */
  readonly target: HTMLElement | null;
  readonly close: () => void;
  readonly trigger: {
    readonly 'aria-haspopup': 'menu';
    readonly 'aria-expanded': boolean;
    readonly onPointerDown: () => void;
    readonly onClick: (event: MouseEvent<HTMLElement>) => void;
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  };
  /** Opens it by another way than a click or the arrow key. */
  readonly openAt: (target: HTMLElement) => void;
}

export function useLateMenu(): LateMenuState {
  const [target, setTarget] = useState<HTMLElement | null>(null);
  /** A press outside of the menu closes it before the click comes, and on its button that is not to open it again. */
  const wasOpen = useRef(false);
  return {
    target,
    close: () => setTarget(null),
    openAt: setTarget,
    trigger: {
      'aria-haspopup': 'menu',
      'aria-expanded': target !== null,
      onPointerDown: () => {
        wasOpen.current = target !== null;
      },
      onClick: (event) => {
        if (!wasOpen.current) setTarget(event.currentTarget);
        wasOpen.current = false;
      },
      onKeyDown: (event) => {
        if (event.key !== 'ArrowDown') return;
        event.preventDefault();
        setTarget(event.currentTarget);
      },
    },
  };
}

interface LateMenuProps extends Pick<MenuProps, 'checkedValues' | 'onCheckedValueChange'> {
  readonly target: HTMLElement;
  readonly onClose: () => void;
  /** The popover with what there is to choose. */
  readonly children: ReactElement;
}

/** Below its button, which has the focus again once it is closed. */
export function LateMenu({ target, onClose, children, ...menu }: LateMenuProps) {
  return (
    <Menu
      {...menu}
      open
      positioning={{ target, position: 'below', align: 'start' }}
      onOpenChange={(_, { open }) => {
        if (open) return;
        onClose();
        target.focus();
      }}
    >
      {children}
    </Menu>
  );
}
