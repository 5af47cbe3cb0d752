// Makes pages that work without it a little quicker. Nothing here is needed for any task.
document.body.classList.add('js-enabled');

// A form that takes a while says so, and is not sent twice.
for (const form of document.querySelectorAll('form[data-busy]')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    const status = document.createElement('div');
    status.setAttribute('role', 'status');
    // Only what is new is read out.
    status.setAttribute('aria-atomic', 'false');
    const said = document.createElement('p');
    said.className = 'govuk-body';
    said.textContent = form.dataset.busy;
    status.append(said);
    form.append(status);
    if (form.dataset.progress) follow(form, status);
  });
}

// The steps of the work, as the service takes them, until the browser shows the answer.
function follow(form, status) {
  const steps = document.createElement('ol');
  steps.className = 'govuk-list app-steps';
  status.append(steps);
  const source = new EventSource(form.dataset.progress + encodeURIComponent(form.elements.namedItem('once').value));
  const done = () => steps.lastElementChild?.classList.add('app-steps__done');
  source.addEventListener('step', (event) => {
    done();
    const step = document.createElement('li');
    step.textContent = event.data;
    steps.append(step);
  });
  source.addEventListener('end', () => { done(); source.close(); });
  source.addEventListener('error', () => source.close());
  window.addEventListener('pagehide', () => source.close(), { once: true });
}

// How far a long work is, until the page without this says that it is done.
const followed = document.querySelector('[data-follow]');
if (followed) {
  const look = async () => {
    try {
      const answer = await fetch(location.href);
      const now = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-follow]');
      if (!now) return location.reload();
      if (now.textContent !== followed.textContent) followed.replaceChildren(...now.childNodes);
    } catch { /* The service may be starting again. */ }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
}

// A page that comes back from the browser's cache may be sent again.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    form.querySelector('[role=status]')?.remove();
  }
});

for (const button of document.querySelectorAll('button[data-copy]')) {
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy);
    const said = document.getElementById(button.getAttribute('aria-describedby') ?? '');
    try {
      const rich = document.getElementById(button.dataset.rich ?? '');
      const text = source.value ?? source.textContent;
      if (rich && window.ClipboardItem) {
        const copy = rich.cloneNode(true);
        for (const left of copy.querySelectorAll('.app-no-print, details, form button, input, script, [hidden]')) left.remove();
        for (const link of copy.querySelectorAll('a[href]')) link.href = new URL(link.getAttribute('href'), location.href).href;
        await navigator.clipboard.write([new ClipboardItem({
          'text/plain': new Blob([text], { type: 'text/plain' }),
          'text/html': new Blob([copy.innerHTML], { type: 'text/html' }),
        })]);
      } else {
        await navigator.clipboard.writeText(text);
      }
      if (said) said.textContent = 'Copied.';
    } catch {
      source.closest('details')?.setAttribute('open', '');
      source.focus();
      if (said) said.textContent = 'Copying is not allowed here. The text is below: select and copy it.';
    }
  });
}

// One key for what one button does, when no field has the focus.
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('input, textarea, select')) return;
  // The space bar belongs to the button or link that has the focus.
  if (event.key === ' ' && event.target.closest('button, a, summary')) return;
  const button = event.target.closest('[data-keys]')?.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

for (const button of document.querySelectorAll('button[data-print]')) {
  button.addEventListener('click', () => window.print());
}

// What a page holds is read out once it stands: a status that is there from the start is not.
for (const region of document.querySelectorAll('[data-announce]')) {
  setTimeout(() => { region.textContent = region.dataset.announce; }, 250);
}

// What has to be put right is read out first.
document.querySelector('[data-focus]')?.focus();

// The sentence in the text lights up while its quotation is pointed at or has the focus.
for (const link of document.querySelectorAll('[data-lights]')) {
  const light = (on) => document.getElementById(link.dataset.lights)?.classList.toggle('app-lit', on);
  for (const type of ['mouseenter', 'focus']) link.addEventListener(type, () => light(true));
  for (const type of ['mouseleave', 'blur']) link.addEventListener(type, () => light(false));
}

// A long list of values is narrowed down while one types; without this it is simply long.
for (const box of document.querySelectorAll('[data-narrows]')) {
  const items = [...document.querySelectorAll(`#${CSS.escape(box.dataset.narrows)} .govuk-checkboxes__item`)];
  const status = document.getElementById(`${box.dataset.narrows}-status`);
  // The return key would send the whole form.
  box.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
  box.addEventListener('input', () => {
    const words = box.value.trim().toLowerCase();
    for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(words);
    status.textContent = `${items.filter((item) => !item.hidden).length} fit`;
  });
}

// "Your questions" stay in this browser alone; signing out or one button takes them away.
const kept = 'coopai-questions';
function questions() {
  try {
    const list = JSON.parse(localStorage.getItem(kept) ?? '[]');
    return Array.isArray(list) ? list.filter((q) => /^[0-9a-f]+$/.test(q?.id) && typeof q.text === 'string') : [];
  } catch {
    return [];
  }
}
function forget() {
  try { localStorage.removeItem(kept); } catch { /* There is nowhere to keep anything. */ }
}
const remembered = document.querySelector('[data-remember]');
if (remembered) {
  const { remember: id, question: text } = remembered.dataset;
  try { localStorage.setItem(kept, JSON.stringify([{ id, text }, ...questions().filter((q) => q.id !== id)].slice(0, 20))); } catch { /* As above. */ }
}
document.querySelector('.app-account__out')?.addEventListener('submit', forget);
const yours = document.getElementById('your-questions');
if (yours && questions().length > 0) {
  for (const { id, text } of questions()) {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.className = 'govuk-link app-wrap';
    link.href = `/answers/${id}`;
    link.textContent = text;
    item.append(link);
    yours.querySelector('ul').append(item);
  }
  yours.hidden = false;
  yours.querySelector('button').addEventListener('click', () => {
    forget();
    yours.querySelector('ul').remove();
    yours.querySelector('button').remove();
    yours.querySelector('[role=status]').textContent = 'Your questions were removed from this browser.';
  });
}

// What is folded to save a phone's height is printed all the same.
window.addEventListener('beforeprint', () => { for (const part of document.querySelectorAll('details[data-print-open]:not([open])')) { part.open = true; part.dataset.folds = ''; } });
window.addEventListener('afterprint', () => { for (const part of document.querySelectorAll('details[data-folds]')) { part.open = false; delete part.dataset.folds; } });
