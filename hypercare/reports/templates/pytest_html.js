// What pytest-html lets a mouse click, a keyboard can press; its rows are made anew with every filter.
(() => {
  const clickable = '.collapsible > .col-result, th.sortable, .logexpander, .media-container__nav--left, .media-container__nav--right, .media-container__viewport, #environment-header h2';
  const names = { 'media-container__nav--left': 'previous picture', 'media-container__nav--right': 'next picture', 'media-container__viewport': 'open the picture', 'logexpander': 'show all of it, or less' };
  const ready = () => document.querySelectorAll(clickable).forEach((one) => {
    if (one.tabIndex < 0) one.tabIndex = 0;
    for (const [style, name] of Object.entries(names)) {
      if (one.classList.contains(style) && !one.ariaLabel) { one.setAttribute('role', 'button'); one.ariaLabel = name; }
    }
    one.querySelectorAll('img:not([alt])').forEach((image) => { image.alt = 'picture'; });
  });
  document.addEventListener('keydown', (event) => {
    if ((event.key === 'Enter' || event.key === ' ') && event.target.matches(clickable)) { event.preventDefault(); event.target.click(); }
  });
  new MutationObserver(ready).observe(document.querySelector('main'), { childList: true, subtree: true });
  ready();
})();
