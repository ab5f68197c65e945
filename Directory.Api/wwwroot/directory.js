// Conveniences only: every page works without this file.
'use strict';

// The framework takes links below the document's base for ours. Pages have no <base>, which the policy forbids (base-uri 'none'): all of
// the host is ours, wherever the page is. This file comes before the framework's.
Object.defineProperty(document, 'baseURI', { value: new URL('/', location).href });

const pad = number => String(number).padStart(2, '0');

// The reader's local time beside UTC, where the two differ.
function localTimes() {
  for (const time of document.querySelectorAll('time[data-local]')) {
    const at = new Date(time.dateTime);
    if (isNaN(at) || at.getTimezoneOffset() === 0 || time.querySelector('.local')) continue;
    const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
    const local = document.createElement('span');
    local.className = 'local';
    local.textContent = `${day} ${pad(at.getHours())}:${pad(at.getMinutes())} local`;
    time.append(' ', local);
  }
}

function copyButtons() {
  for (const button of document.querySelectorAll('button[data-copy][hidden]')) button.hidden = false;
}

// A dialog that the server has opened becomes modal: the focus stays inside, and Escape goes the way back.
function modalDialogs() {
  for (const dialog of document.querySelectorAll('dialog[data-modal][open]')) {
    if (dialog.matches(':modal')) continue;
    dialog.close();
    dialog.showModal();
    dialog.addEventListener('cancel', event => {
      event.preventDefault();
      location.assign(dialog.dataset.cancel);
    });
  }
}

document.addEventListener('click', async event => {
  const button = event.target.closest('button[data-copy]');
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand('copy'); // over plain http there is no clipboard
  }
  button.dataset.copied = '';
  setTimeout(() => delete button.dataset.copied, 2000);
});

// What runs long says how far it is: the page asks again until the server sends no such mark any more.
let refresh;
function refreshing() {
  clearTimeout(refresh);
  const seconds = Number(document.querySelector('[data-refresh]')?.dataset.refresh);
  if (seconds > 0) refresh = setTimeout(() => window.Blazor?.navigateTo(location.href, { replaceHistoryEntry: true }), seconds * 1000);
}

function enhance() {
  localTimes();
  copyButtons();
  modalDialogs();
  refreshing();
}

document.addEventListener('DOMContentLoaded', () => {
  enhance();
  window.Blazor?.addEventListener('enhancedload', enhance);
});
