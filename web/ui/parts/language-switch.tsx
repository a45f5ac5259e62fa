import { isLanguage, languages } from "../../i18n/index.ts";
import { usePage } from "../page.ts";

/** Chooses the language; each is called by its own name. */
export function LanguageSwitch() {
  const { language, setLanguage, words } = usePage();
  return (
    <select
      class="choice" aria-label={words.languageLabel} value={language}
      onChange={(event) => {
        const tag = event.currentTarget.value;
        if (isLanguage(tag)) setLanguage(tag);
      }}
    >
      {Object.entries(languages).map(([tag, tongue]) => <option key={tag} value={tag} lang={tag}>{tongue.name}</option>)}
    </select>
  );
}
