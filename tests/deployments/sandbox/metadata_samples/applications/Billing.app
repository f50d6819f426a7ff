<?xml version="1.0" encoding="UTF-8"?>
<CustomApplication xmlns="http://soap.sforce.com/2006/04/metadata">
    <defaultLandingTab>standard-home</defaultLandingTab>
    <label>Billing</label>
    <navType>Standard</navType>
    <tabs>standard-Account</tabs>
    <tabs>Invoice__c</tabs>
    <uiType>Aloha</uiType>
</CustomApplication>
