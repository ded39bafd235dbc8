import { html, type Html } from './html.ts';
import type { FaultSwitch, PageScene, PageStage } from './port.ts';
import { labelChip } from './view.ts';

/** What a person does beside writing: as markup that the browser replaces when it differs. */
export function controls(stage: PageStage): Html {
  const scene = stage.scene();
  return html`${issueControls(scene)} ${faultControls(scene)}`;
}

/** Which outage is played, and the others that can be. */
export function scenarioPicker(stage: PageStage): Html {
  const { name: own } = stage.scene();
  const opening = stage.opening();
  const options = stage.scenarios.map(
    ({ name, title }) =>
      html`<option value="${name}" ${name === own ? html`selected` : ''}>${title} (${name})</option>`,
  );
  return html`<form id="scenario" class="panel" aria-labelledby="scenario-title">
    <h2 id="scenario-title">Scenario</h2>
    <label for="scenario-name" class="sr-only">Scenario</label>
    <select id="scenario-name" ${opening === null ? '' : html`disabled`}>
      ${options}
    </select>
    <button id="open-scenario" type="submit" ${opening === null ? '' : html`disabled`}>
      Restart with it
    </button>
    ${
      opening === null
        ? ''
        : html`<p class="step">
            <progress aria-label="Opening"></progress> “${opening.title}”, ${opening.step}
          </p>`
    }
    ${stage.failure() === null ? '' : html`<p class="problem">${stage.failure() ?? ''}</p>`}
    <p class="hint">${stage.scene().scenario.about}</p>
  </form>`;
}

function issueControls({ github, focus, scenario }: PageScene): Html {
  const { state, labels } = github.issue(focus);
  const worn = new Set(labels.map((label) => label.toLowerCase()));
  const known = scenario.labels.map(({ name }) => name);
  const strange = labels.filter((label) => !known.some((one) => one.toLowerCase() === label.toLowerCase()));
  const boxes = [...known, ...strange]
    .sort()
    .map(
      (label, index) =>
        html`<label for="label-${index}" class="check"
          ><input
            id="label-${index}"
            type="checkbox"
            data-label="${label}"
            ${worn.has(label.toLowerCase()) ? html`checked` : ''}
          />
          ${labelChip(label, scenario)}</label
        >`,
    );
  return html`<section class="panel" aria-labelledby="issue-title">
    <h2 id="issue-title">Issue and webhooks</h2>
    <div class="buttons">
      <button id="toggle-issue" type="button" data-state="${state === 'open' ? 'closed' : 'open'}">
        ${state === 'open' ? 'Close the issue' : 'Reopen the issue'}
      </button>
      <button id="deliver-twice" type="button" aria-describedby="deliver-hint">Deliver twice</button>
    </div>
    <details id="labels-fold">
      <summary>Labels: ${labels.length} set</summary>
      <fieldset class="labels-set">
        <legend class="sr-only">Labels of the issue</legend>
        ${boxes}
      </fieldset>
    </details>
    <p class="hint">
      Boxes of the pinned comment can be ticked there. All of it is done as <strong class="acting"></strong>.
    </p>
    <p id="deliver-hint" class="hint">
      “Deliver twice” sends the last webhook that a person caused once more, under the same GUID. Nothing may
      happen twice.
    </p>
  </section>`;
}

function faultControls({ faults }: PageScene): Html {
  return html`<section class="panel" aria-labelledby="faults-title">
    <h2 id="faults-title">Break</h2>
    <ul class="faults">
      ${faults.list().map(faultRow)}
    </ul>
    <p class="hint">
      What is broken stays so until it is switched off. <code>/status</code> then says what it could not read.
    </p>
  </section>`;
}

/** Ways to fail, as the page calls them. */
const words: Readonly<Record<string, string>> = {
  unavailable: '503 unavailable',
  denied: '403 denied',
  quota: 'over quota',
  hang: 'no answer',
  'html-502': '502 of a proxy',
  lie: 'nonsense answers',
};

function faultRow({ id, what, ways, failing }: FaultSwitch): Html {
  const options = ways.map(
    (way) =>
      html`<option value="${way}" ${way === failing ? html`selected` : ''}>${words[way] ?? way}</option>`,
  );
  return html`<li>
    <label class="switch" for="fault-${id}"
      ><input
        id="fault-${id}"
        type="checkbox"
        role="switch"
        data-fault="${id}"
        ${failing === null ? '' : html`checked`}
      />
      <span><span class="sr-only">Break: </span>${what}</span></label
    >
    <label class="sr-only" for="way-${id}">How ${what} fails</label>
    <select id="way-${id}" data-way-of="${id}">
      ${options}
    </select>
  </li>`;
}

/** The people of the scenario, to write and act as. */
export function people({ scenario }: PageScene): Html {
  const options = Object.entries(scenario.people).map(
    ([login, { role, name = login }]) =>
      html`<option value="${login}" data-role="${role}">
        ${name === login ? login : `${login} (${name})`} · ${role}
      </option>`,
  );
  return html`${options}`;
}

/** What is under way, each in a few words. */
export function underWay(stage: PageStage, reading: readonly string[]): string[] {
  const walk = stage.scene().walking();
  const opening = stage.opening();
  return [
    ...(opening === null ? [] : [`Opening “${opening.title}”, ${opening.step}`]),
    ...(walk === null ? [] : [`The clock moves on: ${String(walk.walked)} of ${String(walk.minutes)} min`]),
    ...reading,
  ];
}
