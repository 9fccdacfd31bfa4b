"use strict";
const form = document.getElementById("filter");
const open = () => {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (target && target.parentElement.matches("details.failure")) {
    target.parentElement.hidden = target.closest(".group").hidden = false;
    target.parentElement.open = true;
    target.parentElement.scrollIntoView();
  }
};
addEventListener("hashchange", open);
open();
if (form) {
  const all = [...document.querySelectorAll("details.failure")];
  const words = new Map(all.map((one) => [one, one.textContent.toLowerCase()]));
  for (const name of ["row", "split", "outcome", "passed"]) {
    const found = new Set(all.flatMap((one) => one.dataset[name].split("|")));
    for (const value of found) if (value) form.elements[name].add(new Option(value.replaceAll("_", " "), value));
    form.elements[name].closest("label").hidden = form.elements[name].length < 3 && name !== "passed";
  }
  const filter = () => {
    const asked = Object.fromEntries(new FormData(form));
    const wanted = asked.text.trim().toLowerCase();
    let shown = 0;
    for (const one of all) {
      const fits = ["row", "split", "outcome", "passed"].every(
        (name) => !asked[name] || one.dataset[name].split("|").includes(asked[name]));
      one.hidden = !(fits && words.get(one).includes(wanted));
      shown += !one.hidden;
    }
    for (const group of document.querySelectorAll(".group"))
      group.hidden = !group.querySelector("details.failure:not([hidden])");
    form.querySelector("output").value = `${shown} of ${all.length} shown`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
}
