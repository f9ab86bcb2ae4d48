"""Coxa: hip exercises counted, holds verified, thigh range of motion measured, from one Bluetooth sensor."""
