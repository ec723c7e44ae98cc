'use strict';
// Every page is complete without this: it only brings the numbers up to date while somebody looks.
(function () {
  const main = document.querySelector('main[data-events]');
  if (main === null || typeof EventSource === 'undefined') { return; }
  const state = document.getElementById('live-state');
  const button = document.getElementById('live-pause');
  const words = document.getElementById('live-words');
  // A screen reader is not interrupted by each number.
  const quiet = 10000;
  let source = null;
  let isPaused = false;
  let spoken = null;
  let spokenAt = performance.now();
  let later = null;

  function show(text, isLive) {
    state.textContent = text;
    state.classList.toggle('on', isLive);
  }
  function say(sentence) {
    clearTimeout(later);
    spoken = sentence;
    spokenAt = performance.now();
    words.textContent = sentence;
  }
  function speak(sentence) {
    if (spoken === null) { spoken = sentence; return; }
    clearTimeout(later);
    if (sentence === spoken) { return; }
    later = setTimeout(say, Math.max(0, spokenAt + quiet - performance.now()), sentence);
  }
  function apply(event) {
    const told = JSON.parse(event.data);
    if (told.layout !== main.dataset.layout) {
      // What somebody is about to type or to follow is not taken from him.
      if (document.activeElement === document.body || document.activeElement === main) { location.reload(); }
      else {
        const changed = 'changed: load the page anew';
        show(changed, false);
        if (spoken !== changed) { say(changed); }
      }
      return;
    }
    main.querySelectorAll('[data-live]').forEach(function (element) {
      const value = told.values[element.dataset.live];
      if (value === undefined || element.textContent === value) { return; }
      element.textContent = value;
      if (element.dataset.state !== undefined) { element.dataset.state = value; }
      if (element.dataset.hides !== undefined) { element.parentElement.hidden = value === element.dataset.hides; }
      if (element.dataset.link !== undefined) { element.setAttribute('href', told.values[element.dataset.link]); }
    });
    main.querySelectorAll('[data-w]').forEach(function (element) {
      element.setAttribute('x', told.values[element.dataset.x] || '0');
      element.setAttribute('width', told.values[element.dataset.w] || '0');
    });
    main.querySelectorAll('[data-label]').forEach(function (element) {
      const label = told.values[element.dataset.label];
      if (label !== undefined) { element.setAttribute('aria-label', label); }
    });
    speak(told.values.sentence || '');
  }
  function open() {
    if (source !== null || isPaused || document.hidden) { return; }
    source = new EventSource(main.dataset.events);
    source.addEventListener('open', function () { show('live', true); });
    source.addEventListener('message', apply);
    source.addEventListener('error', function () { show('not connected', false); });
  }
  function close(text) {
    if (source !== null) { source.close(); source = null; }
    clearTimeout(later);
    show(text, false);
  }
  button.hidden = false;
  button.addEventListener('click', function () {
    isPaused = !isPaused;
    button.textContent = isPaused ? 'Go on' : 'Pause';
    if (isPaused) { close('paused'); } else { open(); }
  });
  // A browser has few connections to a host, and a page that nobody sees needs none.
  document.addEventListener('visibilitychange', function () {
    if (document.hidden) { close('not live'); } else { open(); }
  });
  addEventListener('pagehide', function () { close('not live'); });
  addEventListener('pageshow', open);
  open();
})();
