"""Boards as data: which chips, on which pins. None has been tried yet; a new board is a new entry.

`i2c`, `pin` values are passed to `machine.I2C`, `machine.Pin` as they are: an ESP32 numbers its pins, the Zephyr port
names a port and a number. `battery_divider`: volts of the cell for each at the pin `battery`.
"""

ESP32_MPU6050 = {
    "name": "ESP32 and MPU-6050",
    "imu": "mpu6050",
    "i2c": (0,),
    "i2c_pins": {"scl": 22, "sda": 21, "freq": 400000},
    "imu_power": None,
    "imu_interrupt": 33,
    "led": 2,
    "led_on": 1,
    "battery": 34,
    "battery_divider": 2,  # two resistors of 100 kilohm in front of ADC1
    "deep_sleep": True,
    "samples_per_packet": 10,
    "buffer_s": 60,
}

ESP32_BMI270 = dict(ESP32_MPU6050)
ESP32_BMI270.update({"name": "ESP32 and BMI270", "imu": "bmi270", "imu_interrupt": None})

# WEMOS LOLIN D32: LED on 5, lit by 0; the cell through two resistors of 100 kilohm on 35, on the board itself.
LOLIN_D32 = {"led": 5, "led_on": 0, "battery": 35}
LOLIN_D32_MPU6050 = dict(ESP32_MPU6050)
LOLIN_D32_MPU6050.update(LOLIN_D32)
LOLIN_D32_MPU6050["name"] = "LOLIN D32 and MPU-6050"
LOLIN_D32_BMI270 = dict(ESP32_BMI270)
LOLIN_D32_BMI270.update(LOLIN_D32)
LOLIN_D32_BMI270["name"] = "LOLIN D32 and BMI270"

# Seeed XIAO nRF52840 Sense schematic v1.1: IMU on P0.07 (SDA), P0.27 (SCL), powered by P1.08, INT1 on P0.11; red LED on
# P0.26, lit by 0; battery through 1 megohm and 510 kilohm on P0.31, while P0.14 is low. MicroPython's Zephyr port.
XIAO_SENSE = {
    "name": "XIAO nRF52840 Sense",
    "imu": "lsm6ds3",
    "i2c": ("i2c0",),
    "i2c_pins": {},
    "imu_power": ("gpio1", 8),
    "imu_interrupt": ("gpio0", 11),
    "led": ("gpio0", 26),
    "led_on": 0,
    "battery": None,
    "battery_divider": None,
    "deep_sleep": False,
    "samples_per_packet": 10,
    "buffer_s": 60,
}

BOARDS = {
    "esp32-mpu6050": ESP32_MPU6050,
    "esp32-bmi270": ESP32_BMI270,
    "lolin-d32-mpu6050": LOLIN_D32_MPU6050,
    "lolin-d32-bmi270": LOLIN_D32_BMI270,
    "xiao-sense": XIAO_SENSE,
}

CELL = ((3.3, 0), (3.6, 10), (3.7, 30), (3.8, 55), (3.95, 75), (4.15, 100))
"""Volts of a lithium cell under light load, and percent left: a rule of thumb, good to 10 percent."""


def percent(volts):
    """What is left in a lithium cell."""
    if volts <= CELL[0][0]:
        return 0
    for k in range(1, len(CELL)):
        (v0, p0), (v1, p1) = CELL[k - 1], CELL[k]
        if volts < v1:
            return int(p0 + (p1 - p0) * (volts - v0) / (v1 - v0))
    return 100
