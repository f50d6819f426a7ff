import { LightningElement } from 'lwc';
export default class InvoiceCard extends LightningElement {}
