// What every key does, over the room. Its code comes when it is asked for.

import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../parts/icons.tsx";
import { usePage } from "../page.ts";
import { type Command, type Group, keys, printedOn } from "./catalogue.ts";
import { ShortcutsSwitch } from "./shortcuts-switch.tsx";

interface HelpProps {
  /** What the keys can do now. */
  available: readonly Command[];
  /** Called when it has closed; the focus is back where it was. */
  onClose: () => void;
}

const groups: readonly Group[] = ["self", "stage", "room"];

export function HelpSheet({ available, onClose }: HelpProps) {
  const { words: { keyboard: words, close } } = usePage();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const shut = () => dialog.current?.close();
  return (
    <dialog
      class="help" ref={dialog} aria-labelledby="help-title" onClose={onClose}
      onClick={(event) => event.target === dialog.current && shut() /* beside it */}
      onKeyDown={(event) => event.key === "?" && shut()}
    >
      <div class="help-body">
        <header class="help-top">
          <h2 id="help-title">{words.title}</h2>
          <button type="button" class="round quiet-button" aria-label={close} onClick={shut}><Icon name="close" /></button>
        </header>
        <div class="help-groups">
          {groups.map((group) => <HelpGroup key={group} group={group} commands={available.filter((command) => keys[command].group === group)} />)}
        </div>
        <ShortcutsSwitch />
      </div>
    </dialog>
  );
}

function HelpGroup({ group, commands }: { group: Group; commands: readonly Command[] }) {
  const { words: { keyboard: words } } = usePage();
  if (commands.length === 0) return null;
  return (
    <section>
      <h3>{words.groups[group]}</h3>
      <dl>
        {commands.map((command) => (
          <div key={command}>
            <dt>{words.does[command]}</dt>
            <dd><kbd>{printedOn(command)}</kbd></dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
