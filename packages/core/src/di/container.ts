// First: tsyringe throws while loading without the polyfill.
import 'reflect-metadata';

export { container, inject, injectable, Lifecycle } from 'tsyringe';
