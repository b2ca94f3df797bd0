import { cataloguePage } from './catalogue/catalogue-page.ts';
import { requestPage } from './catalogue/request-page.ts';
import { resourcePage } from './catalogue/resource-page.ts';
import type { Page } from './visit.ts';

/** Every page, in the order of the navigation. */
export const PAGES: readonly Page[] = [cataloguePage, resourcePage, requestPage];
