const steps: Readonly<Record<string, (at: number, many: number) => number>> = {
  ArrowRight: (at, many) => (at + 1) % many,
  ArrowDown: (at, many) => (at + 1) % many,
  ArrowLeft: (at, many) => (at + many - 1) % many,
  ArrowUp: (at, many) => (at + many - 1) % many,
  Home: () => 0,
  End: (_, many) => many - 1,
};

/** Moves the focus along the buttons of a toolbar, or of a group within it, as toolbars do. */
export function goAlong(event: KeyboardEvent): void {
  const step = steps[event.key];
  const button = (event.target as Element).closest("button");
  const row = button?.closest("[role=group], [role=toolbar]");
  if (!step || !button || !row) return;
  const buttons = [...row.querySelectorAll("button")].filter((one) => one.closest("[role=group], [role=toolbar]") === row);
  buttons[step(buttons.indexOf(button), buttons.length)]?.focus();
  event.preventDefault();
}
