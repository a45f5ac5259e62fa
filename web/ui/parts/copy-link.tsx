import { useState } from "preact/hooks";
import { Icon } from "./icons.tsx";
import { usePage } from "../page.ts";

/** A link that is copied by a press on it, and can be read and copied by hand too. */
export function CopyLink({ link }: { link: string }) {
  const { words, copy } = usePage();
  const [copied, setCopied] = useState(false);
  return (
    <>
      <button type="button" class="link-button" onClick={() => void copy(link).then(setCopied)}>
        <span>{link}</span>
        <Icon name={copied ? "check" : "link"} />
      </button>
      <span class="heard-only" role="status">{copied && words.copied}</span>
    </>
  );
}
