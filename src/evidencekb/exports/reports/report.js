(() => {
  "use strict";
  const form = document.getElementById("filter");
  const entries = [...document.querySelectorAll("article.entry")];
  const sections = [...document.querySelectorAll("#trails > section")];
  const [words, state, kind, flag] = ["words", "state", "kind", "flag"].map((id) => document.getElementById(id));
  const shown = document.getElementById("shown");
  const nothing = document.getElementById("nothing");
  const texts = new Map();
  let waiting = 0;

  // Accents, case and the length of a dash do not count; what an entry holds is looked at when it is first searched.
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[\p{Pd}\u2212]/gu, "-").toLowerCase();
  const textOf = (entry) => {
    if (!texts.has(entry)) texts.set(entry, plain(entry.textContent));
    return texts.get(entry);
  };
  const trailOf = (entry) => entry.querySelector("details.trail");

  const apply = () => {
    const wanted = plain(words.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const entry of entries) {
      const { state: has, kind: is, flags } = entry.dataset;
      const fits = (!state.value || state.value === has) && (!kind.value || kind.value === is)
        && (!flag.value || flags.split(" ").includes(flag.value))
        && (!wanted.length || wanted.every((word) => textOf(entry).includes(word)));
      entry.hidden = !fits;
      count += fits;
    }
    for (const section of sections) section.hidden = !section.querySelector("article.entry:not([hidden])");
    nothing.hidden = count > 0 || !entries.length;
    shown.textContent = count === entries.length ? `All ${count === 1 ? "1 trail is" : `${count} trails are`} shown.` : `${count} of ${entries.length} trails are shown.`;
  };
  const fold = (open, which) => which.forEach((entry) => { trailOf(entry).open = open; });
  const visible = () => entries.filter((entry) => !entry.hidden);

  form.hidden = false;
  // A choice tells of itself by either event, a word by "input" alone.
  for (const told of ["input", "change"]) {
    form.addEventListener(told, () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
  }
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("unfold").addEventListener("click", () => fold(true, visible()));
  document.getElementById("fold").addEventListener("click", () => fold(false, entries));

  // On paper all that is shown is unfolded; afterwards each is as it was.
  let opened = [];
  addEventListener("beforeprint", () => {
    const one = document.querySelector("article.chosen");
    const folded = one ? [trailOf(one)] : [...document.querySelectorAll("#check details"), ...visible().map(trailOf)];
    opened = folded.filter((part) => !part.open);
    opened.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => {
    opened.forEach((part) => { part.open = false; });
    document.body.classList.remove("one");
    document.querySelectorAll(".chosen").forEach((entry) => entry.classList.remove("chosen"));
  });
  document.addEventListener("click", (event) => {
    if (!event.target.matches("button.print")) return;
    event.target.closest("article").classList.add("chosen");
    document.body.classList.add("one");
    print();
  });

  // A link to an entry unfolds it.
  const arrive = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("article.entry")) trailOf(target).open = true;
  };
  addEventListener("hashchange", arrive);
  arrive();
  apply();
})();
